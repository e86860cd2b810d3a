"""What a government's site puts round an article: head, menus, lists of links, footer, scripts."""

import random

_MENU = (
    "首页 政务公开 政务服务 互动交流 数据开放 走进本地 新闻动态 专题专栏 办事指南 政策文件 "
    "领导之窗 机构职能 政策解读 财政信息 重点领域 建议提案 行政执法 人事信息 规划计划 统计信息"
).split()
_MATTERS = (
    "做好今冬明春安全生产工作 公布行政事业性收费目录 开展义务植树活动 调整城区公交线路 "
    "征求规划草案意见 公示拟录用人员名单 加强秸秆综合利用 印发防汛应急预案 办理老年优待证 "
    "发放耕地地力保护补贴"
).split()
_SCRIPT = """<script type="text/javascript">
var siteId = {number}; var columnId = {column};
(function () {{
  var box = document.getElementById("search-box-{number}");
  if (box) {{ box.onfocus = function () {{ box.className = "active"; }}; }}
  for (var i = 0; i < 3; i++) {{ window.setTimeout(function () {{ siteId += 0; }}, 50 * i); }}
}})();
</script>
"""
_STYLE = """<style type="text/css">
body{{font:14px/1.8 "Microsoft YaHei",SimSun;color:#333;margin:0}} a{{color:#06c}}
.w{number}{{width:{width}px;margin:0 auto}} .menu li{{float:left;padding:0 12px}}
.side{{float:right;width:260px}} .footer{{clear:both;text-align:center;background:#eee}}
</style>
"""


def with_site(source: str, organ: str, rng: random.Random) -> str:
    """The page's source with furniture in front of and behind what stands in its body."""
    head, _, rest = source.partition("<body>\n")
    body, _, tail = rest.rpartition("</body>")
    number = rng.randint(100, 999)
    style = _STYLE.format(number=number, width=rng.choice([1000, 1100, 1200]))
    head = head.replace("</head>", style + _script(number, rng) * rng.randint(1, 4) + "</head>")
    above = _menu(rng) + _script(number, rng)
    below = _links(rng) + _footer(organ, rng) + _script(number, rng) * rng.randint(1, 4)
    return f"{head}<body>\n{above}{body}{below}</body>{tail}"


def _script(number: int, rng: random.Random) -> str:
    return _SCRIPT.format(number=number, column=rng.randint(10_000, 99_999))


def _menu(rng: random.Random) -> str:
    chosen = rng.sample(_MENU, rng.randint(8, len(_MENU)))
    items = "\n".join(
        f'<li><a href="/{i:03}/index.html">{n}</a></li>' for i, n in enumerate(chosen)
    )
    return f'<div class="header"><ul class="menu nav">\n{items}\n</ul></div>\n'


def _links(rng: random.Random) -> str:
    """Lists of other articles, as they stand beside or below."""
    lists = []
    for _ in range(rng.randint(1, 4)):
        items = "\n".join(_link(rng) for _ in range(rng.randint(5, 12)))
        lists.append(f'<div class="side sidebar"><ul class="list">\n{items}\n</ul></div>\n')
    return "".join(lists)


def _link(rng: random.Random) -> str:
    matter = rng.choice(_MATTERS)
    month, day, number = rng.randint(1, 12), rng.randint(1, 28), rng.randint(1000, 9999)
    return (
        f'<li><a href="/art/2024/{month}/{day}/art_{number}.html" target="_blank" '
        f'title="关于{matter}的通知">关于{matter}的通知</a><span>{month:02}-{day:02}</span></li>'
    )


def _footer(organ: str, rng: random.Random) -> str:
    return (
        f'<div class="footer"><p>主办：{organ}　承办：{organ}办公室</p>\n'
        f"<p>网站标识码：{rng.randint(10**9, 10**10 - 1)}　版权所有 {organ}</p>\n"
        '<p><a href="/map.html">网站地图</a> | <a href="/about.html">联系我们</a></p></div>\n'
    )
