"""What a chart is given to draw: plain frozen data, no scenario in sight."""

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line that the values should not cross."""

    value: float
    label: str
    above: bool = True
    """Whether values above it are the bad ones."""
    severity: str = "alarm"
    """The word shown while the current value is beyond it."""

    def is_beyond(self, value: float) -> bool:
        """Whether a value is on the bad side."""
        return value > self.value if self.above else value < self.value


@dataclass(frozen=True, slots=True)
class ChartData:
    """One series on an even grid of times, and what it is read against."""

    title: str
    unit: str
    start: float
    """Time of the first sample, in seconds since the epoch, UTC."""
    step: float
    """Seconds between samples."""
    values: tuple[float | None, ...]
    """The samples; None where there is none."""
    baseline: tuple[float | None, ...] = ()
    """The same hours a week before, on the same grid; may be longer, shorter or empty."""
    thresholds: tuple[Threshold, ...] = ()
    marks: tuple[tuple[float, str], ...] = ()
    """Times with a label: deploys, acknowledgements."""
    now: float = 0.0
    """The time at which this is looked at."""

    def __post_init__(self) -> None:
        """Refuse a grid that is none."""
        if not (isfinite(self.start) and isfinite(self.step) and self.step > 0):
            raise ValueError(f"no grid of times: start {self.start}, step {self.step}")

    @property
    def end(self) -> float:
        """The right edge of the chart: the last sample."""
        count = max(len(self.values), len(self.baseline), 2)
        return self.start + (count - 1) * self.step

    def index_at(self, time: float) -> int:
        """The sample nearest to a time, within the grid."""
        last = max(len(self.values), len(self.baseline), 1) - 1
        return max(0, min(last, round((time - self.start) / self.step)))

    def time_at(self, index: int) -> float:
        """The time of a sample."""
        return self.start + index * self.step

    def value_at(self, index: int) -> float | None:
        """A sample, or None where there is none."""
        return self.values[index] if 0 <= index < len(self.values) else None

    def baseline_at(self, index: int) -> float | None:
        """Last week's sample, or None where there is none."""
        return self.baseline[index] if 0 <= index < len(self.baseline) else None

    def latest(self) -> int | None:
        """The last sample that has a value."""
        for index in range(len(self.values) - 1, -1, -1):
            if self.values[index] is not None:
                return index
        return None

    def breached(self, value: float | None) -> Threshold | None:
        """The worst threshold that a value is beyond: of several, the one furthest out."""
        worst: Threshold | None = None
        for threshold in self.thresholds:
            if value is None or not threshold.is_beyond(value):
                continue
            if worst is None or abs(value - threshold.value) < abs(value - worst.value):
                worst = threshold
        return worst
