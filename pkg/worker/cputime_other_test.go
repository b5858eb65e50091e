//go:build !unix

package worker

import (
	"testing"
	"time"
)

func cpuTime(b *testing.B) time.Duration {
	b.Skip("CPU time is measured on Unix only")
	return 0
}
