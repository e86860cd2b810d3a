"""Our own vocabulary as a tokenizer, and other people's encoders read by the character."""

from collections.abc import Mapping
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedConfig, PreTrainedTokenizerFast
from transformers.tokenization_utils_base import PreTrainedTokenizerBase

from ..models.characters import ALPHABET, MASK, PAD, UNKNOWN, vocabulary
from ..models.folder import Preprocess

STRUCTURE = "\n\t \u3000|"  # what tables are made of; stock tokenizers drop most of it
MOST = 0.9  # of the alphabet's hanzi must be known, or the vocabulary is no Chinese one
LONGEST = 512  # tokens of a stock encoder's window, the special ones included


def own_tokenizer() -> PreTrainedTokenizerFast:
    """One token per code point of *folded* text: call it on `characters.fold(text)`."""
    tokenizer = Tokenizer(models.WordLevel(vocabulary(), unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    tokenizer.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        unk_token=UNKNOWN,
        mask_token=MASK,
        model_max_length=Preprocess.model_fields["window"].default,
        model_input_names=["input_ids", "attention_mask"],
    )


def foreign_preprocess(
    name: str, tokenizer: PreTrainedTokenizerBase, config: PreTrainedConfig
) -> Preprocess:
    """How the encoder `name` is given a text, character by character.

    Reserved tokens ([unused1] …), where there are any, stand in for tabs, line ends and the like.
    ValueError where the vocabulary does not hold most Chinese characters as tokens.
    """
    known = tokenizer.get_vocab()
    hanzi = [char for char in ALPHABET if "\u4e00" <= char <= "\u9fff"]
    if sum(char in known for char in hanzi) < MOST * len(hanzi):
        raise ValueError(f"{name}: its vocabulary has no token for most Chinese characters")
    size = min(LONGEST, getattr(config, "max_position_embeddings", LONGEST)) - 2
    return Preprocess(
        name=f"nianbao-tagger-{Path(name).name}",
        version="0",
        window=size,
        overlap=size // 4,
        pad=tokenizer.pad_token_id,
        unknown=tokenizer.unk_token,
        granule=1,
        prefix=(tokenizer.cls_token_id,),
        suffix=(tokenizer.sep_token_id,),
        aliases=_aliases(known),
    )


def _aliases(known: Mapping[str, int]) -> dict[str, str]:
    """Reserved tokens for the structure, small letters for capitals in an uncased vocabulary."""
    reserved = [token for i in range(1, 100) if (token := f"[unused{i}]") in known]
    missing = [char for char in STRUCTURE if char not in known]
    aliases = dict(zip(missing, reserved, strict=False))
    for char in map(chr, range(ord("A"), ord("Z") + 1)):
        if char not in known and char.lower() in known:
            aliases[char] = char.lower()
    return aliases
