"""The encoder: a character hourglass that reads most reports whole.

    characters  64 wide   embed, convolve          ────────────── skip ──────────────┐
    positions  192 wide   fold 4 into 1 ─▶ 6 blocks: convolution, convolution, attention │ ─▶ unfold
    characters  64 wide   join, convolve, label or guess  ◀──────────────────────────┘

Its results do not depend on padding. It is registered with the Auto classes of transformers.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    PreTrainedConfig,
    PreTrainedModel,
)
from transformers.modeling_outputs import (
    BaseModelOutput,
    MaskedLMOutput,
    SequenceClassifierOutput,
    TokenClassifierOutput,
)

IGNORED = -100  # a label that the loss leaves out


class NianbaoConfig(PreTrainedConfig):
    """Sizes of the encoder; 2.26 million parameters with a vocabulary of 7,463."""

    model_type = "nianbao"

    vocab_size: int = 7500
    char_size: int = 64  # width of the embedding and of the characters' layers
    hidden_size: int = 192  # width of the folded positions
    intermediate_size: int = 384
    num_hidden_layers: int = 6  # every third attends, the others convolve
    num_attention_heads: int = 3
    fold: int = 4  # characters in one position
    pool: int = 4  # positions in one key and value
    conv_width: int = 7
    hidden_dropout_prob: float = 0.1
    layer_norm_eps: float = 1e-5
    initializer_range: float = 0.02
    pad_token_id: int = 0
    mask_token_id: int = 2

    @property
    def granule(self) -> int:
        """The length of an input is rounded up to a multiple of this."""
        return self.fold * self.pool


class ShiftLinear(nn.Module):
    """A convolution over neighbouring characters, written as one product of matrices.

    That is what int8 runtimes are fastest at.
    """

    def __init__(self, in_size: int, out_size: int, width: int) -> None:
        super().__init__()
        self.reach = width // 2
        self.linear = nn.Linear(width * in_size, out_size)

    def forward(self, x: Tensor) -> Tensor:
        length = x.shape[1]
        padded = F.pad(x, (0, 0, self.reach, self.reach))
        shifts = [padded[:, i : i + length] for i in range(2 * self.reach + 1)]
        result: Tensor = self.linear(torch.cat(shifts, dim=-1))
        return result


class ConvMixer(nn.Module):
    """Gated depthwise convolution: mixes positions nearby."""

    def __init__(self, config: NianbaoConfig, dilation: int) -> None:
        super().__init__()
        size = config.hidden_size
        self.into = nn.Linear(size, 2 * size)
        self.conv = nn.Conv1d(
            size,
            size,
            config.conv_width,
            padding=dilation * (config.conv_width // 2),
            dilation=dilation,
            groups=size,
        )
        self.out = nn.Linear(size, size)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        value, gate = self.into(x).chunk(2, dim=-1)
        value = self.conv((value * mask).transpose(1, 2)).transpose(1, 2)
        result: Tensor = self.out(value * torch.sigmoid(gate))
        return result


class PooledAttention(nn.Module):
    """Attention of every position to the means of `pool` neighbours, with rotary positions."""

    def __init__(self, config: NianbaoConfig) -> None:
        super().__init__()
        self.heads = config.num_attention_heads
        self.head_size = config.hidden_size // self.heads
        self.pool = config.pool
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self.key_value = nn.Linear(config.hidden_size, 2 * config.hidden_size)
        self.out = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, size = x.shape
        groups = (length // self.pool, self.pool)
        counts = torch.unflatten(mask, 1, groups).sum(2)  # [batch, keys, 1]
        pooled = torch.unflatten(x * mask, 1, groups).sum(2) / counts.clamp(min=1)
        n_keys = groups[0]
        keys, values = self.key_value(pooled).chunk(2, dim=-1)
        places = torch.arange(length, device=x.device, dtype=torch.float32)
        key_places = places[:n_keys] * self.pool + (self.pool - 1) / 2
        attend = _attended if torch.compiler.is_exporting() else F.scaled_dot_product_attention
        attended = attend(
            rotated(self._split(self.query(x), length), places),
            rotated(self._split(keys, n_keys), key_places),
            self._split(values, n_keys),
            attn_mask=(counts > 0).reshape(batch, 1, 1, n_keys),
        )
        result: Tensor = self.out(attended.transpose(1, 2).reshape(batch, length, size))
        return result

    def _split(self, x: Tensor, length: int) -> Tensor:
        """[batch, positions, size] -> [batch, heads, positions, head size]"""
        return x.reshape(x.shape[0], length, self.heads, self.head_size).transpose(1, 2)


def _attended(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor) -> Tensor:
    """Attention spelled out: exported, PyTorch's own looks for rows without any key, twice."""
    away = (~attn_mask).to(query.dtype) * torch.finfo(query.dtype).min
    scores = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5 + away
    result: Tensor = scores.softmax(-1) @ value
    return result


def rotated(x: Tensor, places: Tensor) -> Tensor:
    """Rotary position embedding of `x`: [batch, heads, positions, head size]."""
    half = x.shape[-1] // 2
    steps = torch.arange(half, device=x.device, dtype=torch.float32) / half
    angles = places[:, None] * (10_000.0**-steps)  # [positions, half]
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    left, right = x[..., :half], x[..., half:]
    return torch.cat((left * cos - right * sin, left * sin + right * cos), dim=-1)


class Block(nn.Module):
    """One pre-norm layer: mix the positions, then the features of each."""

    def __init__(self, config: NianbaoConfig, index: int) -> None:
        super().__init__()
        size, inner = config.hidden_size, config.intermediate_size
        self.mix_norm = nn.LayerNorm(size, config.layer_norm_eps)
        attends = index % 3 == 2
        self.mix = PooledAttention(config) if attends else ConvMixer(config, 2 ** (index % 4))
        self.feed_norm = nn.LayerNorm(size, config.layer_norm_eps)
        self.widen = nn.Linear(size, inner)
        self.narrow = nn.Linear(inner, size)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = x + self.dropout(self.mix(self.mix_norm(x), mask))
        feed = self.narrow(F.gelu(self.widen(self.feed_norm(x)), approximate="tanh"))
        result: Tensor = x + self.dropout(feed)
        return result


class NianbaoPreTrainedModel(PreTrainedModel):
    config_class = NianbaoConfig
    base_model_prefix = "encoder"


class NianbaoModel(NianbaoPreTrainedModel):
    """Characters to features: [batch, characters] ids -> [batch, characters, char_size]."""

    def __init__(self, config: NianbaoConfig) -> None:
        super().__init__(config)
        size, wide = config.char_size, config.hidden_size
        self.embedding = nn.Embedding(config.vocab_size, size)
        self.near = ShiftLinear(size, size, 5)
        self.down_norm = nn.LayerNorm(size * config.fold, config.layer_norm_eps)
        self.down = nn.Linear(size * config.fold, wide)
        self.blocks = nn.ModuleList(Block(config, i) for i in range(config.num_hidden_layers))
        self.up_norm = nn.LayerNorm(wide, config.layer_norm_eps)
        self.up = nn.Linear(wide, size * config.fold)
        self.join = ShiftLinear(size, size, 3)
        self.norm = nn.LayerNorm(size, config.layer_norm_eps)
        self.post_init()  # type: ignore[no-untyped-call]

    def get_input_embeddings(self) -> nn.Embedding:
        return self.embedding

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any
    ) -> BaseModelOutput:
        """attention_mask: 1 for text, 0 for padding behind it; None: all but the padding ids."""
        if attention_mask is None:
            attention_mask = input_ids != self.config.pad_token_id
        length = input_ids.shape[1]
        if not torch.compiler.is_exporting():  # an exported graph takes whole granules only
            rest = -length % self.config.granule
            input_ids = F.pad(input_ids, (0, rest), value=self.config.pad_token_id)
            attention_mask = F.pad(attention_mask, (0, rest))
        mask = attention_mask.to(self.embedding.weight.dtype)[..., None]
        chars = self.embedding(input_ids) * mask  # [batch, characters, char_size]
        chars = (chars + F.gelu(self.near(chars), approximate="tanh")) * mask
        folded = self._body(chars, mask)
        joined = (chars + folded) * mask
        joined = joined + F.gelu(self.join(joined), approximate="tanh")
        features = self.norm(joined)
        return BaseModelOutput(last_hidden_state=features[:, :length])

    def _body(self, chars: Tensor, mask: Tensor) -> Tensor:
        """What the folded positions say about each character: [batch, characters, char_size]"""
        groups = (chars.shape[1] // self.config.fold, self.config.fold)
        folded_mask = torch.unflatten(mask, 1, groups).amax(2)  # [batch, positions, 1]
        x = self.down(self.down_norm(torch.unflatten(chars, 1, groups).flatten(2)))
        for block in self.blocks:
            x = block(x, folded_mask)
        unfolded: Tensor = self.up(self.up_norm(x))  # [batch, positions, fold * char_size]
        return torch.unflatten(unfolded, 2, (self.config.fold, -1)).flatten(1, 2)


class NianbaoForMaskedLM(NianbaoPreTrainedModel):
    """Guesses masked characters: for pre-training."""

    def __init__(self, config: NianbaoConfig) -> None:
        super().__init__(config)
        self.encoder = NianbaoModel(config)
        self.guess = nn.Linear(config.char_size, config.char_size)
        self.guess_norm = nn.LayerNorm(config.char_size, config.layer_norm_eps)
        self.guess_bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        labels: Tensor | None = None,
        **_: Any,
    ) -> MaskedLMOutput:
        """With labels, logits are those of the labelled characters alone: [labelled, vocabulary].

        All others are most of the work, and nobody looks at them in training.
        """
        features = self.encoder(input_ids, attention_mask).last_hidden_state
        if labels is not None:
            features = features[labels != IGNORED]
        features = self.guess_norm(F.gelu(self.guess(features), approximate="tanh"))
        logits = F.linear(features, self.encoder.embedding.weight, self.guess_bias)
        loss = None
        if labels is not None:
            loss = F.cross_entropy(logits.float(), labels[labels != IGNORED])
        return MaskedLMOutput(loss=loss, logits=logits)


class NianbaoForTokenClassification(NianbaoPreTrainedModel):
    """Labels every character: [batch, characters] ids -> [batch, characters, tags] logits."""

    def __init__(self, config: NianbaoConfig) -> None:
        super().__init__(config)
        self.encoder = NianbaoModel(config)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.classifier = nn.Linear(config.char_size, len(config.id2label or {}))
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        labels: Tensor | None = None,
        **_: Any,
    ) -> TokenClassifierOutput:
        features = self.encoder(input_ids, attention_mask).last_hidden_state
        logits = self.classifier(self.dropout(features))
        loss = None
        if labels is not None:
            loss = F.cross_entropy(
                logits.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED
            )
        return TokenClassifierOutput(loss=loss, logits=logits)


class NianbaoForSequenceClassification(NianbaoPreTrainedModel):
    """Labels a text by the mean of its characters: [batch, characters] ids -> [batch, labels].

    The head has a name of its own, so that a tagger's weights can be taken up without its head.
    """

    def __init__(self, config: NianbaoConfig) -> None:
        super().__init__(config)
        self.encoder = NianbaoModel(config)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.score = nn.Linear(config.char_size, len(config.id2label or {}))
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any
    ) -> SequenceClassifierOutput:
        if attention_mask is None:
            attention_mask = input_ids != self.config.pad_token_id
        features = self.encoder(input_ids, attention_mask).last_hidden_state
        mask = attention_mask.to(features.dtype)[..., None]
        mean = (features * mask).sum(1) / mask.sum(1).clamp(min=1)  # [batch, char_size]
        return SequenceClassifierOutput(logits=self.score(self.dropout(mean)))


AutoConfig.register(NianbaoConfig.model_type, NianbaoConfig)
AutoModel.register(NianbaoConfig, NianbaoModel)
AutoModelForMaskedLM.register(NianbaoConfig, NianbaoForMaskedLM)
AutoModelForSequenceClassification.register(NianbaoConfig, NianbaoForSequenceClassification)
AutoModelForTokenClassification.register(NianbaoConfig, NianbaoForTokenClassification)
