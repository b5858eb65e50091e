package plan

import (
	"strings"
	"testing"
)

// TestUnbroken: where a line may be wrapped, no blank stands before a slash.
func TestUnbroken(t *testing.T) {
	long := strings.Repeat("words ", 10)
	for text, want := range map[string]string{
		"- use `/close` or /reopen, a / b":       "- use `/close` or /reopen, a / b",
		"no slash here, " + long:                 "no slash here, " + long,
		long + "`/close` or /reopen":             strings.TrimSpace(long) + "\u00a0`/close` or\u00a0/reopen",
		long + "\n- `/close` **/x**":             long + "\n- `/close` **/x**",
		long + "`please /x`, a / b **/y** \\/z":  long + "`please\u00a0/x`, a\u00a0/ b\u00a0**/y**\u00a0\\/z",
		"- `/dd done " + strings.Repeat("x", 60): "- `/dd done " + strings.Repeat("x", 60),
	} {
		if got := Unbroken(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
