"""Export: from a training run to the model folder that ships.

`python -m nianbao.training.export RUN --out FOLDER` writes the layout of `models.folder`: weights
in bf16, a graph in int8, and all that a program needs to notice a folder that does not fit.
The confidences are fitted afterwards, by `nianbao.training.calibrate`.
"""

import argparse
import json
import logging
import shutil
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import AutoModelForTokenClassification, AutoTokenizer, PreTrainedModel
from transformers.utils import logging as transformers_logging

from ..inference.tagger import NetworkTagger, Run, load_tagger, onnx_run, torch_run
from ..models.characters import Characters
from ..models.encoder import NianbaoConfig
from ..models.folder import Golden, Preprocess
from ..models.labels import TAGS
from ..models.sums import write_sums
from .card import card

OPSET = 20  # the first with GELU as one operator

#: Written for this purpose: a little of everything that the labels name.
GOLDEN_TEXT = """首页 > 政务公开 > 年报
青禾县林业局2022年政府信息公开工作年度报告

一、总体情况
（一）主动公开。全年发布各类信息128条，比上年多出九条。
（二）依申请公开。共收到申请5件，均已按时答复。
二、主动公开政府信息情况
第二十条第（一）项
信息内容\t本年制发件数\t本年废止件数\t现行有效件数
规章\t0\t0\t0
行政规范性文件\t2\t1\t7
三、收到和处理政府信息公开申请情况
| 一、本年新收政府信息公开申请数量 | 4 | 1 | 0 | 0 | 0 | 0 | 5 |
| （一）予以公开 | 3 | 1 | 0 | 0 | 0 | 0 | 4 |
四、政府信息公开行政复议、行政诉讼情况
/
五、存在的主要问题及改进情况
存在问题：一是栏目更新偏慢；二是解读形式单一。
改进措施：一是按月核对栏目；二是多用图表解读。
六、其他需要报告的事项
无其他事项。

青禾县林业局
2023年1月18日
打印本页  关闭窗口
"""


class Logits(nn.Module):
    """A network as the graph has it: ids (and the mask, if it cannot tell padding) to logits."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        logits: Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits


def export_onnx(model: PreTrainedModel, file: Path, preprocess: Preprocess) -> None:
    """Write `model` as one ONNX file for batches of one, of any length up to a window."""
    granule = preprocess.granule
    longest = preprocess.window + len(preprocess.prefix) + len(preprocess.suffix)
    length = torch.export.Dim("granules", min=2, max=-(-longest // granule))
    shape = {1: granule * length if granule > 1 else length}
    ids = torch.arange(100, 164)[None]
    inputs: tuple[Tensor, ...] = (ids,)
    names = ["input_ids"]
    if not isinstance(model.config, NianbaoConfig):
        inputs, names = (ids, torch.ones_like(ids)), ["input_ids", "attention_mask"]
    # it misses torchvision, which no tagger needs
    logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        # torch 2.13 warns of its own use of LeafSpec
        warnings.simplefilter("ignore", FutureWarning)
        # ids and mask are of one length, and it says so
        warnings.filterwarnings("ignore", "# The axis name", UserWarning)
        program = torch.onnx.export(
            Logits(model).eval(),
            inputs,
            input_names=names,
            output_names=["logits"],
            dynamo=True,
            dynamic_shapes=dict.fromkeys(names, shape),
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
    if program is None:
        raise RuntimeError("torch.onnx.export gave no program")
    program.save(file, external_data=False)
    _drop_traces(file)


def _drop_traces(file: Path) -> None:
    """Take the exporter's notes off a graph: they tell the paths of the machine that wrote it."""
    model = onnx.load(file)
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    for function in model.functions:
        for part in (function, *function.node):
            part.ClearField("metadata_props")
            part.ClearField("doc_string")
    onnx.save(model, file)


def quantise(source: Path, file: Path) -> None:
    """Dynamic int8 of the products of matrices; the embedding gains nothing by it."""
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)  # it recommends a preprocessing that dynamic graphs do not need
    try:
        quantize_dynamic(
            source,
            file,
            op_types_to_quantize=["MatMul"],
            per_channel=False,
            weight_type=QuantType.QInt8,
        )
    finally:
        logger.setLevel(level)
    onnx.checker.check_model(file)


def golden(preprocess: Preprocess, characters: Characters, runs: dict[str, Run]) -> Golden:
    """The golden text with its ids, and the tags that every runtime gives it today."""
    tags = {
        name: tuple(
            NetworkTagger(preprocess, characters, run).logits(GOLDEN_TEXT).argmax(-1).tolist()
        )
        for name, run in runs.items()
    }
    ids = tuple(characters.ids(GOLDEN_TEXT).tolist())
    return Golden(text=GOLDEN_TEXT, ids=ids, tags=tags)


def export(run: Path, out: Path, version: str, keep_fp32: bool = False) -> None:
    """Write the model of a run to the folder `out`; what stood there is replaced.

    The graph is made from the weights as bf16 rounds them, so that both runtimes are one model.
    """
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch) / "folder"
        model, preprocess, characters = _write_weights(run, new, version)
        (new / "onnx").mkdir()
        fp32, int8 = new / "onnx" / "model.onnx", new / "onnx" / "model_int8.onnx"
        export_onnx(model, fp32, preprocess)
        quantise(fp32, int8)
        if not keep_fp32:
            fp32.unlink()
        runs = {"onnx": onnx_run(int8), "torch": torch_run(model)}
        case = golden(preprocess, characters, runs)
        _write(new / "labels.json", json.dumps(TAGS))
        _write(new / "preprocess.json", preprocess.model_dump_json(indent=1))
        _write(new / "golden.json", case.model_dump_json())
        _write(new / "README.md", card(json.loads((new / "run.json").read_text("utf-8")), version))
        write_sums(new)
        load_tagger(new)
        load_tagger(new, "torch")
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(new, out)


def _write_weights(
    run: Path, new: Path, version: str
) -> tuple[PreTrainedModel, Preprocess, Characters]:
    """Write weights, tokenizer and `run.json`; the network in fp32 with weights rounded to bf16."""
    model = AutoModelForTokenClassification.from_pretrained(run, dtype=torch.bfloat16)
    model.save_pretrained(new)
    tokenizer = AutoTokenizer.from_pretrained(run)
    tokenizer.save_pretrained(new)
    shutil.copy(run / "run.json", new)
    raw = (run / "preprocess.json").read_bytes()
    preprocess = Preprocess.model_validate_json(raw).model_copy(update={"version": version})
    characters = Characters(tokenizer.get_vocab(), preprocess.aliases, preprocess.unknown)
    return model.float().eval(), preprocess, characters


def _write(file: Path, text: str) -> None:
    file.write_text(text.rstrip() + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="nianbao.training.export", description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="1", help="of the model")
    parser.add_argument("--keep-fp32", action="store_true", help="write onnx/model.onnx too")
    args = parser.parse_args(argv)
    transformers_logging.disable_progress_bar()
    export(args.run, args.out, args.version, args.keep_fp32)
    size = sum(file.stat().st_size for file in args.out.rglob("*") if file.is_file())
    print(f"{args.out.name}: {size / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
