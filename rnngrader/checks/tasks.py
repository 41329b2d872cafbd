"""The unit on tasks: a batch, what is measured, and three models made from parts."""

from rnncore.data.task import pad
from rnngrader.checks import tasks_inputs as inputs
from rnngrader.checks import tasks_measure_inputs as measured
from rnngrader.checks import tasks_reference as reference
from rnngrader.checks.aspects import aspects
from rnngrader.checks.bank import tasks_batches as batches
from rnngrader.checks.bank import tasks_measures as measures
from rnngrader.checks.bank import tasks_models as models
from rnngrader.checks.bank.behaviours import behaviours
from rnngrader.checks.results import Layout, Output, Results
from rnngrader.checks.spec import Aspect, Exercise

PADDED = Layout((Output("ids", "batch seq"), Output("lengths", "batch")))
PACKED = Layout((Output("data", "tokens"), Output("batch_sizes", "steps", ("sizes",))))
PAIRS = Layout(
    (
        Output("inputs", "batch seq"),
        Output("targets", "batch seq"),
        Output("mask", "batch seq"),
    )
)
FEATURES = Layout((Output("features", "batch hidden_size", ("summary", "h")),))
ACCURACY = Layout((Output("accuracy", "", ("share",)),))
PERPLEXITY = Layout((Output("perplexity"),))
LOSS = Layout((Output("loss_nats", "", ("loss",)),))
LOGITS = Layout((Output("logits", "batch classes", ("scores",)),))
IDS_ONLY = aspects(Aspect("values", 6), precision=False)
NUMBERS = aspects(Aspect("values", 6))
TWO_SUMMARIES = aspects(Aspect("values", 3), Aspect("mean", 3))


def _mask_hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    return [("mask-count", {})] if got["mask"].sum() != expected["mask"].sum() else []


def _loss_hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    del expected
    return [("loss-below-zero", {})] if (got["loss_nats"] < 0).any() else []


def _accuracy_hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    if not 0 <= float(got["accuracy"]) <= 1:
        return [("share-range", {})]
    return [("share-high", {})] if got["accuracy"] > expected["accuracy"] else []


def _perplexity_hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    del expected
    return [("perplexity-below-one", {})] if got["perplexity"] < 1 else []


_BATCHES = (
    Exercise(
        unit="tasks",
        name="pad",
        reference=pad,
        layout=PADDED,
        arguments=("sequences",),
        cases=inputs.pad_cases,
        probes=inputs.pad_probes,
        aspects=IDS_ONLY,
        mistakes=(*batches.pad_mistakes(), *behaviours(pad, keeps_precision=False)),
        see=batches.PADDING,
    ),
    Exercise(
        unit="tasks",
        name="pack",
        reference=reference.pack,
        layout=PACKED,
        arguments=("ids", "lengths"),
        cases=inputs.pack_cases,
        probes=inputs.pack_probes,
        aspects=IDS_ONLY,
        mistakes=(
            *batches.pack_mistakes(),
            *behaviours(reference.pack, keeps_precision=False),
        ),
        see=batches.PADDING,
    ),
    Exercise(
        unit="tasks",
        name="next_token_pairs",
        reference=reference.next_token_pairs,
        layout=PAIRS,
        arguments=("ids", "lengths"),
        cases=inputs.pair_cases,
        probes=inputs.pair_probes,
        aspects=IDS_ONLY,
        mistakes=(
            *batches.pair_mistakes(),
            *behaviours(reference.next_token_pairs, keeps_precision=False),
        ),
        see=batches.LANGUAGE,
        hints=_mask_hint,
    ),
)
_MEASURES = (
    Exercise(
        unit="tasks",
        name="summarise",
        reference=reference.summarise,
        layout=FEATURES,
        arguments=("output", "lengths", "summary"),
        cases=inputs.summary_cases,
        probes=inputs.summary_probes,
        aspects=TWO_SUMMARIES,
        mistakes=(*measures.summary_mistakes(), *behaviours(reference.summarise)),
        see=measures.CLASSIFICATION,
    ),
    Exercise(
        unit="tasks",
        name="masked_accuracy",
        reference=reference.masked_accuracy,
        layout=ACCURACY,
        arguments=("logits", "targets", "mask"),
        cases=measured.accuracy_cases,
        probes=measured.accuracy_probes,
        aspects=IDS_ONLY,
        mistakes=(
            *measures.accuracy_mistakes(),
            *behaviours(reference.masked_accuracy, keeps_precision=False),
        ),
        see=measures.LABELLING,
        hints=_accuracy_hint,
    ),
    Exercise(
        unit="tasks",
        name="corpus_perplexity",
        reference=reference.corpus_perplexity,
        layout=PERPLEXITY,
        arguments=("losses", "counts"),
        cases=measured.perplexity_cases,
        probes=measured.perplexity_probes,
        aspects=NUMBERS,
        mistakes=(*measures.perplexity_mistakes(), *behaviours(reference.corpus_perplexity)),
        see=measures.LANGUAGE,
        hints=_perplexity_hint,
    ),
)
_MODELS = (
    Exercise(
        unit="tasks",
        name="tagger_loss",
        reference=reference.tagger_loss,
        layout=LOSS,
        arguments=("ids", "tags", "lengths", "params"),
        cases=inputs.tagger_cases,
        probes=inputs.tagger_probes,
        aspects=NUMBERS,
        mistakes=(*models.tagger_mistakes(), *behaviours(reference.tagger_loss)),
        see=models.LABELLING,
        hints=_loss_hint,
    ),
    Exercise(
        unit="tasks",
        name="classifier_scores",
        reference=reference.classifier_scores,
        layout=LOGITS,
        arguments=("ids", "lengths", "params", "summary"),
        cases=inputs.classifier_cases,
        probes=inputs.classifier_probes,
        aspects=TWO_SUMMARIES,
        mistakes=(*models.classifier_mistakes(), *behaviours(reference.classifier_scores)),
        see=models.CLASSIFICATION,
        stand_ins=({"summarise": reference.summarise},),
        earlier="summarise",
    ),
    Exercise(
        unit="tasks",
        name="language_model_loss",
        reference=reference.language_model_loss,
        layout=LOSS,
        arguments=("ids", "lengths", "params"),
        cases=inputs.language_cases,
        probes=inputs.language_probes,
        aspects=NUMBERS,
        mistakes=(*models.language_model_mistakes(), *behaviours(reference.language_model_loss)),
        see=models.LANGUAGE,
        stand_ins=({"next_token_pairs": reference.next_token_pairs},),
        earlier="next_token_pairs",
        hints=_loss_hint,
    ),
)
EXERCISES = (*_BATCHES, *_MEASURES, *_MODELS)
