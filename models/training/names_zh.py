"""Chinese names, places and organisations, made from parts."""
from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
COMMON = 45
COMPOUND = ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒", "端木", "南宫", "长孙", "宇文"]
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉红玉玲建国华梅鑫波斌宇浩凯健俊帆雪琳欣怡婷子轩涵梓萱一诺雨泽博思远志"
    "嘉豪晨阳佳颖晓东春燕海燕小晓大永德才福贵荣庆祥瑞安康宁成龙飞鹏翔天宏达光亮家诚信义仁礼智勤俭学文武斌彬立新力民国庆胜利"
    "慧颖洁莹晶倩蕾薇珊莎莉萍茜瑶璐琪琴珍珠翠碧云月星辰晴岚清泉润泽源江河湖海山峰岩松柏林森树杨柳竹菊莲荷桃李梨冰霜寒冬夏秋"
    "宝生根旺发财金银铜铁锋钧钢铭锦铮毅坚恒久长远航程路通达顺利吉祥乐悦欢喜爱情恩惠美好善良真诚实朴素雅致韵诗书画墨香馨芬芳"
    "世昌兴盛繁荣昭启承继传先正直方圆中和谦逊克己奉公振邦卫疆保定安若如似可亦依尔之其奕煜烨炜焕灿熙曦昊晟旭昱景晖曼妮娅婉妍姝"
)
FIRST_ONE = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚辉玲波斌浩凯健俊帆雪琳欣婷博颖燕鹏翔宏亮慧洁莹晶倩蕾薇珊莉萍茜瑶璐琪琴云晴岚松柏森峰岩冰锋铭毅坚航悦旭昊晟煜炜妍林鑫宇轩"
NICK = ["小", "老", "阿", "大"]
TITLES = ["先生", "女士", "小姐", "老师", "教授", "医生", "经理", "总", "局长", "主任", "律师", "同学", "师傅", "博士", "院长", "主席", "总监", "校长", "阿姨", "叔叔", "哥", "姐", "工", "董", "书记", "警官", "同志", "老板"]
SYLLABLES = (
    "阿 艾 安 奥 巴 班 贝 本 比 彼 宾 波 伯 布 查 达 戴 丹 德 迪 蒂 杜 多 恩 法 费 菲 弗 福 盖 冈 高 戈 格 古 哈 海 汉 赫 亨 胡 怀 霍 基 吉 加 贾 杰 金 卡 凯 坎 康 考 科 克 肯 库 拉 莱 兰 朗 劳 雷 里 利 莉 林 琳 卢 鲁 露 伦 罗 洛 马 玛 麦 曼 梅 门 蒙 米 莫 姆 穆 纳 娜 南 内 尼 妮 诺 欧 帕 佩 皮 普 奇 乔 琼 瑞 萨 塞 桑 沙 珊 尚 史 斯 舒 苏 索 塔 泰 坦 汤 特 提 图 托 瓦 万 威 韦 维 温 沃 乌 伍 西 希 夏 谢 休 雅 亚 杨 伊 英 尤 约 泽 扎 詹 珍 朱 兹 佐 尔 顿 逊 森 翰 姬 蕾 丝 黛 芙"
).split()
PROVINCES = "河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省 云南省 陕西省 甘肃省 青海省 台湾省 内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区 新疆维吾尔自治区".split()
CITIES = "北京 上海 天津 重庆 广州 深圳 杭州 南京 苏州 成都 武汉 西安 郑州 长沙 青岛 沈阳 宁波 东莞 无锡 昆明 大连 厦门 合肥 佛山 福州 哈尔滨 济南 温州 长春 石家庄 常州 泉州 南宁 贵阳 南昌 南通 金华 徐州 太原 嘉兴 烟台 惠州 保定 台州 中山 绍兴 乌鲁木齐 潍坊 兰州 珠海 镇江 海口 扬州 临沂 洛阳 唐山 呼和浩特 盐城 汕头 廊坊 泰州 济宁 湖州 江门 银川 淄博 邯郸 芜湖 漳州 绵阳 桂林 三亚 遵义 咸阳 上饶 莆田 宜昌 赣州 淮安 揭阳 沧州 商丘 连云港 柳州 岳阳 信阳 株洲 衡阳 襄阳 南阳 威海 湛江 包头 鞍山 九江 大庆 许昌 新乡 宁德 西宁 宿迁 菏泽 蚌埠 邢台 铜陵 阜阳 荆州 驻马店 湘潭 滁州 肇庆 德阳 曲靖 秦皇岛 潮州 吉林 常德 宜春 黄冈 拉萨 香港 澳门 台北 高雄 台中 大同 长治 晋城 吕梁 赤峰 通辽 鄂尔多斯 抚顺 丹东 锦州 营口 葫芦岛 四平 延吉 齐齐哈尔 佳木斯 丽水 衢州 马鞍山 黄山 三明 南平 景德镇 萍乡 吉安 抚州 东营 德州 聊城 开封 平顶山 安阳 焦作 濮阳 周口 黄石 十堰 孝感 咸宁 邵阳 张家界 益阳 怀化 韶关 梅州 河源 清远 云浮 梧州 北海 玉林 百色 自贡 泸州 广元 乐山 南充 宜宾 达州 雅安 安顺 延安 汉中 榆林 天水 酒泉 石嘴山 台南 新竹 基隆 桃园 嘉义 花莲 屏东 九龙".split()
DISTRICTS = "浦东新区 朝阳区 海淀区 西城区 东城区 丰台区 徐汇区 静安区 黄浦区 长宁区 虹口区 杨浦区 闵行区 宝山区 嘉定区 松江区 天河区 越秀区 海珠区 白云区 番禺区 南山区 福田区 罗湖区 宝安区 龙岗区 西湖区 余杭区 滨江区 萧山区 鼓楼区 玄武区 江宁区 建邺区 武侯区 锦江区 青羊区 高新区 江汉区 洪山区 武昌区 雁塔区 碑林区 岳麓区 和平区 南开区 渝中区 江北区 沙坪坝区 思明区 湖里区 历下区 市南区 崂山区 信义区 大安区 中正区 内湖区 北投区 士林区 昆山市 义乌市 慈溪市 太仓市 晋江市 增城区 顺德区 南海区 安溪县 桐庐县 长兴县 平潭县".split()
ROADS = "人民 中山 解放 建设 和平 新华 胜利 文化 长江 黄河 淮海 南京 北京 世纪 科技 学院 园林 滨海 湖滨 江南 东风 光明 幸福 青年 友谊 复兴 延安 体育 迎宾 工业 创业 望京 学府 明珠 金融 天府 春熙 永康 忠孝 仁爱 民生 民权 中正 凤凰 龙华 深南 珠江 华强 五一 韶山 八一 星湖 松山 阳光 枫林 梧桐 银杏 紫荆 玉兰".split()
ROAD_TAIL = "路 街 大道 大街 东路 西路 南路 北路 中路 巷 胡同 弄".split()
ESTATES = "阳光花园 万科城 碧桂园 绿地中心 翠湖天地 金地名京 龙湖时代 保利香槟 世纪花园 锦绣江南 东方花园 幸福小区 和谐家园 恒大名都 华润城 国贸中心 软件园 科技园 紫金公寓 育才小区 滨江一号 建国里 桃源新村 梅林一村 航天新村".split()
COUNTRIES = "中国 美国 英国 法国 德国 日本 韩国 俄罗斯 加拿大 澳大利亚 新西兰 印度 巴西 意大利 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 丹麦 芬兰 波兰 奥地利 希腊 土耳其 埃及 南非 尼日利亚 肯尼亚 以色列 伊朗 伊拉克 沙特阿拉伯 阿联酋 泰国 越南 马来西亚 新加坡 印尼 印度尼西亚 菲律宾 柬埔寨 老挝 缅甸 巴基斯坦 孟加拉国 尼泊尔 斯里兰卡 蒙古 朝鲜 哈萨克斯坦 乌克兰 白俄罗斯 捷克 匈牙利 罗马尼亚 保加利亚 塞尔维亚 墨西哥 阿根廷 智利 秘鲁 哥伦比亚 古巴 爱尔兰 冰岛 摩洛哥 阿尔及利亚 埃塞俄比亚".split()
WORLD = "纽约 伦敦 巴黎 东京 柏林 洛杉矶 旧金山 西雅图 芝加哥 波士顿 华盛顿 多伦多 温哥华 悉尼 墨尔本 首尔 大阪 京都 曼谷 吉隆坡 迪拜 莫斯科 罗马 米兰 马德里 巴塞罗那 阿姆斯特丹 布鲁塞尔 日内瓦 苏黎世 维也纳 布拉格 慕尼黑 法兰克福 汉堡 斯德哥尔摩 哥本哈根 雅典 伊斯坦布尔 开罗 内罗毕 约翰内斯堡 孟买 新德里 班加罗尔 雅加达 马尼拉 河内 胡志明市 圣保罗 里约热内卢 墨西哥城 硅谷 欧洲 非洲 亚洲 北美 东南亚 加州 德克萨斯州 佛罗里达州 夏威夷 北海道 冲绳 剑桥 牛津 曼彻斯特 爱丁堡 都柏林 里斯本 奥克兰".split()
REAL_ORGS = "腾讯 阿里巴巴 百度 华为 字节跳动 京东 美团 小米 拼多多 网易 滴滴 中国移动 中国联通 中国电信 中国银行 工商银行 建设银行 农业银行 招商银行 交通银行 平安保险 中国人寿 国家电网 中石油 中石化 格力电器 海尔 联想 比亚迪 蔚来 理想汽车 小鹏汽车 顺丰速运 中通快递 苹果公司 谷歌 微软 亚马逊 三星 索尼 丰田 大众汽车 特斯拉 英特尔 高盛 摩根大通 台积电 富士康 清华大学 北京大学 复旦大学 上海交通大学 浙江大学 南京大学 武汉大学 中山大学 华中科技大学 四川大学 哈尔滨工业大学 台湾大学 香港大学 哈佛大学 斯坦福大学 麻省理工学院 牛津大学 剑桥大学 协和医院 华西医院 瑞金医院 同济医院 卫健委 教育部 外交部 公安部 财政部 发改委 商务部 最高人民法院 国务院 世界卫生组织 联合国 欧盟 红十字会 新华社 人民日报 中央电视台 北京市公安局 朝阳区法院 皇家马德里 曼联 恒大俱乐部 中国科学院 社科院 国际货币基金组织 世界银行 盒马 星巴克 麦当劳 肯德基 海底捞 瑞幸咖啡 携程 哔哩哔哩 知乎 抖音集团 蚂蚁集团 微众银行 中信证券 万科 保利地产 国家税务总局 市场监管局 人社局 民政局".split()
BRAND_A = "华 中 金 鑫 恒 瑞 宏 泰 康 达 盛 天 海 东 新 亿 创 博 智 云 联 通 信 诚 德 美 佳 易 优 捷 远 安 国 银 龙 鸿 腾 飞 星 辰 源 和 润 万 宝 立 正 凯 科 启 明".split()
INDUSTRY = "科技 信息技术 网络科技 电子商务 贸易 进出口 建筑工程 房地产开发 物业管理 医疗器械 生物科技 医药 食品 餐饮管理 文化传媒 广告 教育咨询 物流 汽车销售 机械制造 新能源 环保 投资管理 人力资源 软件 服饰 纺织 化工 农业发展 保险代理".split()
ORG_TAIL = "有限公司 股份有限公司 有限责任公司 集团 集团有限公司 公司 事务所 研究院 工作室 中心".split()
INSTITUTIONS = "第一中学 第二中学 实验小学 外国语学校 师范大学 理工大学 职业技术学院 医科大学 人民医院 中心医院 妇幼保健院 中医院 第一医院 儿童医院 公安局 法院 检察院 税务局 教育局 图书馆 博物馆 红十字会 商会 银行 农商银行 大学 足球俱乐部 电视台 日报社 派出所 街道办事处 规划局 交通局".split()
FAMILY = "爸爸 妈妈 妻子 丈夫 儿子 女儿 哥哥 姐姐 弟弟 妹妹 爷爷 奶奶 同事 朋友 老板 室友 房东 客户 邻居".split()


def given(r: random.Random, known: list[str] | None = None) -> str:
    """A given name; mostly one of the known when there are any."""
    if known and r.random() < 0.75:
        return r.choice(known)
    if r.random() < 0.22:
        return r.choice(FIRST_ONE)
    if r.random() < 0.05:
        return r.choice(FIRST_ONE) * 2
    return r.choice(GIVEN) + r.choice(GIVEN if r.random() < 0.6 else FIRST_ONE)


def surname(r: random.Random) -> str:
    if r.random() < 0.04:
        return r.choice(COMPOUND)
    return r.choice(SURNAMES[:COMMON] if r.random() < 0.6 else SURNAMES)


def transliterated(r: random.Random) -> str:
    word = lambda low, high: "".join(r.choice(SYLLABLES) for _ in range(r.randint(low, high)))
    parts = [word(2, 4) for _ in range(1 if r.random() < 0.35 else 2 if r.random() < 0.85 else 3)]
    return r.choice(["·"] * 8 + ["•", "．", "・", "‧"]).join(parts)


def given_names(people: list[str]) -> list[str]:
    """The given names of those who have a Chinese surname."""
    out = []
    for name in people:
        if len(name) in (2, 3) and name[0] in SURNAMES:
            out.append(name[1:])
        elif len(name) == 4 and name[:2] in COMPOUND:
            out.append(name[2:])
    return out


def person(r: random.Random, known: list[str] | None = None) -> str:
    p = r.random()
    if p < 0.78:
        return surname(r) + given(r, known)
    if p < 0.92:
        return transliterated(r)
    if p < 0.96:
        return r.choice(NICK) + r.choice(SURNAMES[:120])
    return given(r) if r.random() < 0.5 else r.choice("小阿") + r.choice(FIRST_ONE)


def titled(r: random.Random) -> tuple[str, str]:
    """(name, title that follows it)."""
    name = surname(r) if r.random() < 0.65 else surname(r) + given(r)
    return name, r.choice(TITLES)


def address(r: random.Random) -> str:
    out = ""
    if r.random() < 0.35:
        out += r.choice(PROVINCES)
    out += r.choice(CITIES) + ("市" if r.random() < 0.8 else "")
    if r.random() < 0.8:
        out += r.choice(DISTRICTS) if r.random() < 0.7 else r.choice(GIVEN) + r.choice(GIVEN) + r.choice("区县镇")
    out += r.choice(ROADS) + r.choice(ROAD_TAIL) + f"{r.randint(1, 2999)}号"
    if r.random() < 0.5:
        out += r.choice(ESTATES)
    if r.random() < 0.5:
        out += r.choice([f"{r.randint(1, 40)}栋{r.randint(101, 3305)}室", f"{r.randint(1, 40)}号楼{r.randint(1, 6)}单元{r.randint(101, 3305)}", f"{r.randint(2, 40)}层", f"{r.randint(101, 3305)}室", f"{r.choice('ABCD')}座{r.randint(101, 3305)}"])
    return out


def place(r: random.Random) -> str:
    p = r.random()
    if p < 0.30:
        return r.choice(CITIES) + ("市" if r.random() < 0.3 else "")
    if p < 0.42:
        return r.choice(COUNTRIES)
    if p < 0.55:
        return r.choice(WORLD)
    if p < 0.65:
        return r.choice(CITIES) + ("市" if r.random() < 0.6 else "") + r.choice(DISTRICTS)
    if p < 0.72:
        full = r.choice(PROVINCES)
        return full if r.random() < 0.4 else full[:3] if full[:3] in ("内蒙古", "黑龙江") else full[:2]
    if p < 0.78:
        return r.choice(DISTRICTS)
    if p < 0.88:
        return r.choice(GIVEN) + r.choice(GIVEN) + r.choice("县镇村市区乡山河湖岛桥湾港寺")
    return r.choice(ROADS) + r.choice(ROAD_TAIL) + (f"{r.randint(1, 999)}号" if r.random() < 0.4 else "")


def org(r: random.Random) -> str:
    p = r.random()
    if p < 0.38:
        return r.choice(REAL_ORGS)
    if p < 0.75:
        brand = "".join(r.choice(BRAND_A) for _ in range(r.choice([2, 2, 2, 3])))
        head = r.choice(CITIES) + r.choice(["", "市"]) if r.random() < 0.5 else ""
        if r.random() < 0.25:
            return brand + r.choice(INDUSTRY)
        mid = r.choice(INDUSTRY) if r.random() < 0.85 else ""
        tail = r.choice(ORG_TAIL)
        if head and r.random() < 0.1:
            return f"{brand}（{head}）{mid}{tail}"
        return head + brand + mid + tail
    if p < 0.95:
        return r.choice(CITIES) + r.choice(["", "", "市"]) + r.choice(INSTITUTIONS)
    return transliterated(r).split("·")[0] + r.choice(["公司", "集团", "大学", "银行", "俱乐部", "基金会", "实验室"])
