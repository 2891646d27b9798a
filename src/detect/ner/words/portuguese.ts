/** Portuguese words that are nobody’s name, in lower case: what prompts are about, and what their sentences begin with. */
export const PORTUGUESE_WORDS =
  'escreva reescreva traduza corrija resuma descreva proponha crie gere dê diga faça ajude encontre ' +
  'procure ordene converta acrescente remova responda componha considere verifique sugira cite redija ' +
  'quê onde porquê quem qual quais quantos eu ele nós vós eles elas você vocês os as lhe lhes meu teu ' +
  'seu nosso minha estes esse essa aquele tudo muitos alguns nenhum alguém mas enquanto depois até com ' +
  'sem em não só também ainda já hoje ontem amanhã agora aqui acima abaixo fora muito pouco melhor ' +
  'talvez além olá obrigado obrigada parágrafo palavra palavras linha coluna colunas tabela célula ' +
  'soma quantia quantidade largura comprimento duração mês ano feriado férias compromisso prazo início ' +
  'fim primeiros ponto pontos resumo introdução roteiro conclusão exemplo modelo rascunho ideia ' +
  'pergunta resposta solução erro efeito tarefa conteúdo termo definição sinônimo quadra estrofe ' +
  'história piada adivinha correio mensagem assunto assuntos saudação anexo ata pauta ordem reunião ' +
  'encontro conferência convite recusa orçamento encomenda fatura lembrete desconto preço custo imposto ' +
  'impostos receita perda balanço transferência empréstimo juros aluguel aluguer fiança sentença ' +
  'procuração assinatura apólice dano garantia reclamação devolução troca endereço escritório trabalho ' +
  'vaga anúncio currículo salário colega chefe responsável funcionário funcionários fornecedor sócio ' +
  'equipe equipa projeto plano estratégia relatório análise estatística apresentação formação estágio ' +
  'contabilista encanador locador locatário vizinho avó avô mãe pais criança crianças filho aluno aluna ' +
  'professor professora estudante convidado leitor usuário utilizador tarefas fechamento conciliação ' +
  'apuração escalas crachás estacionamento abertura mediação pendências confirmação autorização ' +
  'inscrição registo atenção computador ecrã impressora câmera celular telemóvel telefone cabo tomada ' +
  'bateria memória arquivo arquivos diretório rede senha aplicativo aplicação função variável laço ' +
  'expressão pacote exceção botão janela ícone cor fundo espaço espaços roteador cozinha farinha açúcar ' +
  'noz fermento massa manteiga azeite óleo queijo iogurte ovo ovos peixe legume salada pimentão cebola ' +
  'alho batata cenoura abobrinha abobrinhas aspargos espargos couve espinafre feijão lentilhas ervilhas ' +
  'macarrão pão sanduíche bolo bolacha molho ensopado almoço jantar sobremesa água suco sumo chá vinho ' +
  'cerveja fogão panela frigideira tigela garfo pitada assadeira geladeira frigorífico lava-louças ' +
  'apartamento quarto banheiro varanda terraço porão telhado escada chão parede teto móvel armário ' +
  'prateleira cadeira colchão lâmpada tapete aquecimento aquecedor gás mudança caixa caixas fita ' +
  'leitura medidor medidores chave ferramenta ferramentas martelo parafuso parafusos bucha buchas ' +
  'cantoneira cantoneiras furadeira capacete luva luvas óculos tinta reparo conserto manutenção limpeza ' +
  'aparelho aspirador freio carro furgão trem comboio ônibus autocarro voo estação bilhete mala viagem ' +
  'passaporte regras regra segurança adubo composto urtiga chorume estufa gramado semente sementes ' +
  'colheita outono névoa chuva nuvem tempestade fogo fumaça ar cachorro cão cavalo galinha pássaro ' +
  'inseto abelha gaivota gaivotas silêncio doença sintoma dor febre remédio comprimido vacina pressão ' +
  'tratamento operação sono treino exercício peito costas perna pernas braço ombro ombros barriga ' +
  'alongamento escola aula exame dever redação matemática esporte desporto equação força potência ' +
  'resistência velocidade fotossíntese oxigênio oxigénio item artigo peça produto tecido couro madeira ' +
  'vidro alças acolchoadas bolso impermeável confortável mau estreito quente frio molhado limpo sujo ' +
  'verde-oliva guia';
