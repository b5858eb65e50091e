package engine

import (
	"strings"
	"testing"
	"time"
)

// TestOutages: waiting grows up to a minute, each issue for itself, and ends with the outage.
func TestOutages(t *testing.T) {
	var o outages
	var got []string
	for range 8 {
		got = append(got, o.next("a").String())
	}
	if s := strings.Join(got, " "); s != "1s 2s 4s 8s 16s 32s 1m0s 1m0s" {
		t.Errorf("waits %s", s)
	}
	if d := o.next("b"); d != time.Second {
		t.Errorf("another issue waits %v", d)
	}
	o.over("a")
	if d := o.next("a"); d != time.Second {
		t.Errorf("after the outage it waits %v", d)
	}
}
