import { COMPOUND_SURNAMES, SURNAMES } from '../chinese-surnames.ts';

const SURNAME = `(?:${COMPOUND_SURNAMES}|[${SURNAMES}])`;
const HAN = '\\p{Script=Han}';
const GIVEN = `${HAN}{1,2}`;
/** What may stand right before a name in running text without a stop: verbs, prepositions, `的`. */
const BEFORE = `(?<=^|[^${HAN}\\p{Script=Han}]|[给请找问和跟与向由对被让是叫了约见问替为帮把将令让陪送催等]|通知|联系|告诉|转告|感谢|麻烦|我是|当事人|患者|病人)`;
/** Nobody but a person is addressed so. */
const POLITE = '先生|女士|小姐|太太|夫人';
const TITLE = `${POLITE}|老师|医生|医師|医师|大夫|律师|教授|阿姨|叔叔|师傅|警官|法官|主任|经理|总监|同学|护士|董|总(?![是之的体共计结会算部])`;
const LABEL =
  '(?:客户|患者|学生|员工|家长|真实|中文|姓)?姓名|户名|收件人|寄件人|收货人|联系人|投保人|被保险人|受益人|申请人|委托人|受托人|法定代表人|负责人|经办人|审核人|审批人|主治医师|主治医生|患者|甲方|乙方|原告|被告|上诉人|被上诉人|证人|收款人|付款人|开户人|持卡人|借款人|担保人|出租方|承租方|业主|监护人|主持人|记录人|参会人|报告人|作者|译者|记者|发件人|经理|组长|班长|称呼';
/** `户名陆川。` has no colon and `姓名：` has; either way the name must be all that follows. */
const END = `(?!${HAN})`;

const SHAPES: readonly RegExp[] = [
  new RegExp(`${BEFORE}(?<name>${SURNAME})(?=(?:${TITLE}))`, 'gu'),
  new RegExp(`${BEFORE}(?<name>${SURNAME}${GIVEN})(?=(?:${POLITE}))`, 'gu'),
  new RegExp(
    `(?:${LABEL})(?:["'”]?[:：=]["'“ ]{0,2}|[ \\t\\u3000]{1,2})(?<name>${SURNAME}${GIVEN})${END}`,
    'gu',
  ),
  new RegExp(
    `(?:户名|收件人|收货人|联系人|投保人|受益人|主治医生|法定代表人|自称|名叫|我叫|她叫|他叫|姓名)(?:是|为|叫)?(?<name>${SURNAME}${GIVEN})${END}`,
    'gu',
  ),
  // `联系陆川，`: what follows must be no word of its own.
  new RegExp(
    `(?:联系|致电|转告|请找|抄送)(?<name>${SURNAME}${GIVEN})(?<![总董工姐哥叔])(?=[，,。；;：:、（(\\s]|$)`,
    'gu',
  ),
  new RegExp(`(?:免贵姓|我姓|他姓|她姓|贵姓)(?<name>${SURNAME})(?![名氏])`, 'gu'),
];

/** Cheap: most texts have no such word. */
export const CHINESE_TITLE_HINT = new RegExp(
  `${TITLE}|${LABEL}|联系|致电|转告|请找|抄送|自称|名叫|我叫|[他她]叫|姓`,
  'u',
);
/** Words that a title or label makes of a surname and what follows: `高级经理`, `安全主任`, `项目`. */
const NO_NAME =
  /^(?:麻烦|方式|方面|方向|房东|房管|文员|车行|席位|党委|单独|时候|时机|成员|管委|物管|安保|白班|夏令|冬|高级|高中|初中|小学|大学|项目|产品|安全|财务|行政|全体|全部|全国|任何|应该|时间|方便|方法|方案|金融|房产|保险|管理|文件|文化|文学|车间|车主|单位|关于|明细|路人|石油|高兴|马上|白天|司机|师傅|包括|成功|成员|常用|必填|未知|无名|武术|英文|语文|中文|向您|何人|安排|和平|温馨|贺卡|米饭|连接|商家|商户|农户|景区|党员|解决|管家|边上|古代|华人|水果|明天|于是|余额|柜员|都是|许多)/u;

export function chineseNames(text: string): { start: number; end: number }[] {
  return SHAPES.flatMap((shape) =>
    Array.from(text.matchAll(shape)).flatMap((match) => {
      const name = match.groups?.['name'] ?? '';
      if (name === '' || NO_NAME.test(name) || NO_NAME.test(text.slice(match.index, match.index + 4)))
        return [];
      const start = match.index + match[0].length - name.length;
      return [{ start, end: start + name.length }];
    }),
  );
}
