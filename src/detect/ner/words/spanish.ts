/** Spanish words that are nobody’s name, in lower case: what prompts are about, and what their sentences begin with. */
export const SPANISH_WORDS =
  'escribe redacta reescribe traduce resume explica enumera compara calcula propón dame dime haz ' +
  'ayúdame encuentra busca ordena convierte añade quita responde compón comprueba sugiere cita llámame ' +
  'llámale avísame cómo qué cuándo dónde por quién cuál cuáles cuánto cuántos yo tú él nosotros ' +
  'vosotros ellos ellas usted ustedes las nuestro vuestro este esta estos estas ese esa aquel cada ' +
  'todos todo todas muchos algunos ninguno algo alguien pero porque cuando mientras antes después ' +
  'hasta para sin contra sobre también todavía ya siempre nunca hoy ayer mañana ahora luego aquí allí ' +
  'arriba abajo fuera muy bastante mejor sí quizá además hola gracias buenos días párrafo texto palabra ' +
  'palabras título capítulo página línea columna columnas tabla celda valor número números cifras suma ' +
  'importe cantidad medida altura anchura longitud duración tiempo hora fecha día semana año segundo ' +
  'fiesta vacaciones plazo inicio final paso pasos primeros puntos resumen introducción esquema ' +
  'conclusión ejemplo plantilla borrador propuesta pregunta preguntas ruegos respuesta solución efecto ' +
  'objetivo tarea contenido estilo idioma término significado definición sinónimo poema cuarteta ' +
  'estrofa historia cuento chiste adivinanza correo mensaje asunto saludo adjunto acta orden reunión ' +
  'encuentro conferencia invitación rechazo solicitud presupuesto pedido entrega factura recordatorio ' +
  'pago vale descuento precio coste impuesto ingresos pérdida balance cuenta banco transferencia ' +
  'préstamo crédito interés alquiler fianza contrato preaviso cláusula ley sentencia juzgado ' +
  'compraventa seguro póliza daño garantía reclamación devolución empresa departamento oficina trabajo ' +
  'oferta empleo currículum sueldo entrevista compañero jefe empleado empleados proveedor equipo ' +
  'proyecto estrategia informe análisis estadística gráfico presentación formación curso prácticas ' +
  'contable fontanero arrendador arrendatario vecino abuela abuelo padres niño niños hijo alumno alumna ' +
  'profesor profesora estudiante amigo amiga invitado lector usuario funciones cierre conciliación ' +
  'declaración turnos tarjetas aparcamiento bienvenida perspectivas moderación confirmación ' +
  'autorización inscripción registro aviso atención ordenador portátil pantalla teclado ratón impresora ' +
  'escáner cámara móvil teléfono enchufe batería archivo archivos carpeta directorio servidor red ' +
  'contraseña programa aplicación controlador función método clase bucle expresión regular biblioteca ' +
  'paquete módulo código excepción navegador sitio botón menú ventana icono letra fondo espacio ' +
  'espacios cocina receta ingredientes harina azúcar pimienta nuez moscada canela levadura masa ' +
  'mantequilla aceite leche nata queso yogur huevo huevos pescado fruta ensalada pepino pimiento ' +
  'cebolla ajo zanahoria calabacín calabacines espárragos col espinacas judías lentejas guisantes arroz ' +
  'bocadillo tarta galleta sopa salsa guiso desayuno almuerzo postre bebida agua zumo té cerveza ' +
  'verdejo albariño horno fogón olla sartén cuenco cuchillo tenedor cuchara cucharadita pizca bandeja ' +
  'nevera lavavajillas piso habitación baño balcón terraza sótano tejado puerta escalera suelo ' +
  'pared techo mueble armario estante silla sofá cama colchón lámpara alfombra cortina calefacción ' +
  'caldera bomba calor corriente aislamiento mudanza caja cajas cinta adhesiva adhesivo lectura ' +
  'contador contadores dirección llave llaves herramienta herramientas martillo tornillo tornillos taco ' +
  'tacos escuadra escuadras taladro guante guantes gafas pincel pintura reparación mantenimiento ' +
  'limpieza aparato máquina lavadora secadora aspiradora neumático coche furgoneta bicicleta tren ' +
  'autobús vuelo aeropuerto estación billete maleta mochila bolsa viaje pasaporte visado playa renting ' +
  'taller normas norma seguridad abono ortiga purín invernadero planta césped seto semilla semillas ' +
  'cosecha otoño invierno verano lluvia tormenta fuego humo aire tierra perro cerdo insecto abeja ' +
  'gaviota gaviotas espuma silencio médico enfermedad síntoma dolor fiebre tos resfriado medicamento ' +
  'pastilla pomada vacuna tensión alergia diagnóstico tratamiento operación hospital consulta ' +
  'movimiento sueño rutina entrenamiento ejercicio pecho espalda pierna piernas brazo hombro hombros ' +
  'vientre tríceps bíceps músculo estiramientos escuela deberes redacción matemáticas física química ' +
  'biología geografía música deporte fórmula ecuación prueba energía fuerza potencia resistencia ' +
  'velocidad átomo molécula fotosíntesis oxígeno cloroplastos artículo pieza producto ficha lona cuero ' +
  'madera metal plástico vidrio papel tirantes acolchados bolsillo impermeable resistente cómodo pesado ' +
  'malo rápido barato fácil difícil estrecho seco mojado limpio sucio guía manual';
