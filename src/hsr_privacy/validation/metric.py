"""The metric by which Great Expectations asks our questions, and what expectations on it share."""

from __future__ import annotations

import json
import os
from typing import Any, ClassVar, Final

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # some versions read it at their import

from great_expectations.core.metric_domain_types import (  # noqa: TID253 - only gx.py imports this
    MetricDomainTypes,
)
from great_expectations.execution_engine import (  # noqa: TID253 - as above
    PandasExecutionEngine,
    SparkDFExecutionEngine,
)
from great_expectations.expectations.expectation import (  # noqa: TID253 - as above
    BatchExpectation,
)
from great_expectations.expectations.metrics.metric_provider import (  # noqa: TID253 - as above
    metric_value,
)
from great_expectations.expectations.metrics.table_metric_provider import (  # noqa: TID253 - as above
    TableMetricProvider,
)
from great_expectations.validator.metric_configuration import (  # noqa: TID253 - as above
    MetricConfiguration,
)

from hsr_privacy.validation.asking import Answer, ask

METRIC: Final = "table.hsr.answer"


class TableHsrAnswer(TableMetricProvider):
    """The answer to one of our questions, in counts; it never raises, as texts may quote cells."""

    metric_name = METRIC
    value_keys = ("question", "kwargs")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: Any, **given: Any) -> Any:  # noqa: N805 - a class method
        return _ask(execution_engine, given)

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, execution_engine: Any, **given: Any) -> Any:  # noqa: N805 - a class method
        return _ask(execution_engine, given)


def _ask(engine: Any, given: dict[str, Any]) -> Any:
    table, _, _ = engine.get_compute_domain(
        given["metric_domain_kwargs"], domain_type=MetricDomainTypes.TABLE
    )
    asked = given["metric_value_kwargs"]
    return ask(asked["question"], table, json.loads(asked["kwargs"]))


class Counted(BatchExpectation):
    """What all of our expectations are: a question about a whole table, answered in counts.

    Their results have ``element_count``, ``missing_count``, ``unexpected_count`` and, where it could
    not be asked, ``details`` with a reason; never a value, whatever the result format.
    """

    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    class Config:
        """A title of its own would be one more text."""

        title = "Counted"

    @classmethod
    def is_abstract(cls) -> bool:
        """Whether this is no expectation itself."""
        return cls.__name__ == "Counted"

    def shared(self) -> dict[str, Any]:
        """What the metric is asked with; expectations that share all of it are answered at once."""
        return {key: getattr(self, key) for key in self.success_keys}

    def found(self, answer: Any) -> Answer:
        """The answer to this expectation, from that of its metric."""
        told: Answer = answer
        return told

    def get_validation_dependencies(
        self, execution_engine: Any = None, runtime_configuration: Any = None
    ) -> Any:
        """Ask for the metric with the expectation's own arguments."""
        needed = super().get_validation_dependencies(execution_engine, runtime_configuration)
        kwargs = json.dumps(self.shared(), sort_keys=True, ensure_ascii=False)
        needed.set_metric_configuration(
            METRIC,
            MetricConfiguration(
                metric_name=METRIC,
                metric_domain_kwargs=self._get_domain_kwargs(),
                metric_value_kwargs={"question": self.expectation_type, "kwargs": kwargs},
            ),
        )
        return needed

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        del runtime_configuration, execution_engine
        answer = self.found(metrics[METRIC])
        result: dict[str, Any] = {
            "element_count": answer.checked,
            "missing_count": answer.missing,
            "unexpected_count": answer.unexpected,
        }
        if answer.reason:
            result["details"] = {"reason": answer.reason}
        return {"success": answer.holds, "result": result}
