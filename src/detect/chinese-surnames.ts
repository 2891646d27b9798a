/** The surnames of nearly everybody, simplified and traditional. */
export const SURNAMES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝張劉陳楊黃趙吳孫馬羅鄭許韓馮鄧蔣葉蘇呂盧鐘譚陸範賈韋鄒龍陶賀顧龔邵萬錢嚴湯溫龐顏莊聶魯嶽歐關蘭紀畢單駱藍';
/** Those of two characters, as alternatives of a pattern. */
export const COMPOUND_SURNAMES =
  '欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|端木|南宫|长孙|宇文|歐陽|司馬';
/** Rarer ones, which begin too many words to announce a name by themselves. */
const RARE =
  '常傅阎洪萧旭闻浦蔚匡鄢蔺敬贝戈茅楚茹竺昌储井富牧束幸郁燕慕容弘隆晁訾阚那鞠丰巢荆权益桓公冼冀伊芮羿郜郗宓麴闾占原漆阿粟植揭逄邸涌练鹿';
/** Surnames of Japan, as Chinese texts write them. */
const JAPANESE =
  '佐藤|铃木|高桥|田中|渡边|伊藤|山本|中村|小林|加藤|吉田|山田|佐佐木|山口|松本|井上|木村|斋藤|清水|山崎|阿部|池田|桥本|石川|前田|小川|冈田|长谷川|村上|近藤|石井|坂本|远藤|青木|藤井|西村|福田|太田|三浦|冈本|松田|中岛|中野|原田|小野|竹内|金子|藤原|宫崎|酒井|工藤|横山|高木|安藤|大野|丸山|今井|武田|上田|杉山|增田|平野|大塚|千叶|久保|松井|岩崎|野口|菊地|佐野|樱井|新井|古川|野村|松尾';
/** What a Chinese name may begin with: a surname, or what is said before one among friends (`小李`, `老王`, `阿强`). */
const NAME_START = new RegExp(
  `^(?:${JAPANESE}|${COMPOUND_SURNAMES}|[${SURNAMES}${RARE}]|[小老阿大](?![结时学区麦吃说票费型组心数量件板家师鼠虎人厦楼赛会]))`,
  'u',
);
const GIVEN =
  '晓丽娜敏静燕艳娟芳婷雪琳慧莹玲桂秀英华兰凤洁梅珍贞莉红霞香月琴云莲环荣爱妹霜彩春菊勤瑞凡佳嘉琼璐娅琦晶妍茜秋珊莎锦黛青倩婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉君蕊薇菁梦岚婕馨韵卿聪澜纯毓悦昭冰爽琬茗羽希宁欣滢筠柔竹凝伟刚勇毅俊峰军辉健世志义良海仁贵福龙祥才武清飞彬顺子杰涛昌康星达茂坚彪博诚敬震振壮思群豪邦承乐绍松善厚庆磊裕哲江超浩亮谦亨翰朗伯宏若鸣朋斌梁栋维启伦翔旭鹏泽晨辰建家树炎德泰盛雄琛钧冠腾楠榕航弘彤然轩涵宇皓睿萱梓雨桐';
/** Characters that names from elsewhere are written with. */
const FOREIGN =
  '阿埃艾安奥巴贝比彼波伯勃布查达大戴丹德迪蒂杜多厄恩尔菲费芬弗夫福盖戈格古哈海汉赫亨霍基吉加杰金卡凯康考柯科克肯库拉莱兰朗劳雷丽莉丽利莲列琳林伦罗洛马玛迈曼梅蒙米密缪莫穆娜纳内妮尼诺欧帕佩皮普奇乔切琼让热瑞萨塞桑莎沙珊史斯丝苏索塔泰汤特廷托瓦万威薇韦维温沃乌西希夏辛雅娅亚叶伊耶依因尤约泽扎詹珍芝兹佐迦';
const GIVEN_NAME = new RegExp(`^(?:[${GIVEN}]{2}|[${FOREIGN}]{2,4})$`, 'u');

/** How much a reading of Chinese characters as a person looks like one: by a surname, by its other characters, not. */
export function nameShape(read: string): 'surname' | 'given' | 'none' {
  if (NAME_START.test(read)) return 'surname';
  return GIVEN_NAME.test(read) ? 'given' : 'none';
}
