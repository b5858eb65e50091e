package queue

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestSnooze: whoever put work off tells for how long and why, through whatever wraps it, and the reason can be found.
func TestSnooze(t *testing.T) {
	reason := errors.New("GitHub is down")
	err := fmt.Errorf("handle gh:1#2: %w", &Snooze{For: 90 * time.Second, Reason: reason})
	var rest *Snooze
	if !errors.As(err, &rest) || rest.For != 90*time.Second || !errors.Is(err, reason) || errors.Is(err, ErrLost) {
		t.Errorf("%v", err)
	}
	if !strings.Contains(err.Error(), "put off for 1m30s: GitHub is down") {
		t.Errorf("it says %q", err)
	}
}
