package plugin

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time as people write it in a configuration: "90d", "12w", "36h", "1d12h". A day has 24 hours.
// It is never negative. YAML and JSON read it as text.
type Duration time.Duration

// Day is the unit in which most of ddbot's durations are meant.
const Day = Duration(24 * time.Hour)

// ParseDuration reads a duration: weeks, then days, then what Go reads.
func ParseDuration(s string) (Duration, error) {
	bad := fmt.Errorf("%q is not a length of time: write for example 90d, 12w or 36h", s)
	var total Duration
	rest := s
	for _, unit := range []struct {
		letter string
		length Duration
	}{{"w", 7 * Day}, {"d", Day}} {
		number, after, found := strings.Cut(rest, unit.letter)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil || Duration(n) > (math.MaxInt64-total)/unit.length {
			return 0, bad
		}
		total, rest = total+Duration(n)*unit.length, after
	}
	if rest == "" && s != "" {
		return total, nil
	}
	d, err := time.ParseDuration(rest)
	if err != nil || strings.HasPrefix(rest, "-") || Duration(d) > math.MaxInt64-total {
		return 0, bad
	}
	return total + Duration(d), nil
}

// String gives whole days as "90d" and anything else as "36h" or "1h30m".
func (d Duration) String() string {
	if d != 0 && d%Day == 0 {
		return strconv.FormatInt(int64(d/Day), 10) + "d"
	}
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// UnmarshalText reads what ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := ParseDuration(string(text))
	if err == nil {
		*d = v
	}
	return err
}

// MarshalText writes what UnmarshalText reads.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
