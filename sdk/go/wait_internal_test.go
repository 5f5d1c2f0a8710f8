package hanami

import (
	"testing"
	"time"
)

func TestATaskIsLookedAtWhenItShouldHaveEnded(t *testing.T) {
	for _, trial := range []struct {
		passed time.Duration
		done   float64
		want   time.Duration
	}{
		{time.Second, 0.95, 52 * time.Millisecond},
		{time.Second, 0.001, longestLook},
		{time.Second, 0, longestLook},
		{time.Second, 0.999999, shortestLook},
		{time.Second, 1, shortestLook},
		{0, 0, shortestLook},
		{1 << 62, 1e-300, longestLook},
	} {
		if got := nextLook(trial.passed, trial.done).Truncate(time.Millisecond); got != trial.want {
			t.Errorf("%v of %v: %v, not %v", trial.done, trial.passed, got, trial.want)
		}
	}
}
