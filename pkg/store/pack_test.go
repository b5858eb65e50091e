package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestDictionary: what was packed with it can be read for ever.
func TestDictionary(t *testing.T) {
	sum := sha256.Sum256(dictionary)
	if got := hex.EncodeToString(sum[:8]); got != "11c482b6d2a33e6d" {
		t.Errorf("payload.dict is another one (%s): give a new one a new mark", got)
	}
}

func TestPack(t *testing.T) {
	noise := make([]byte, 4000)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	for name, c := range map[string]struct {
		in   []byte
		mark int
		most int
	}{
		"nothing": {nil, plain, 0}, "small": {[]byte(`{"a":1}`), plain, 7}, "noise": {noise, plain, 4000},
		"usual": {[]byte(strings.Repeat(`{"url":"https://api.github.com/repos/acme/toc"}`, 200)), zipped, 500},
		"large": {bytes.Repeat([]byte("0123456789"), 2_500_000), zipped, 100_000},
	} {
		data, mark, err := pack(c.in)
		if err != nil || mark != c.mark || data == nil || len(data) > c.most {
			t.Errorf("%s: %d bytes, mark %d, %v", name, len(data), mark, err)
		}
		if out, err := unpack(data, mark); err != nil || !bytes.Equal(out, c.in) {
			t.Errorf("%s: it comes back as %d bytes, %v", name, len(out), err)
		}
	}
	if _, err := unpack([]byte("x"), zipped); err == nil {
		t.Error("rubbish was unpacked")
	}
	if _, err := unpack(nil, 7); err == nil || !strings.Contains(err.Error(), "does not know") {
		t.Errorf("%v", err)
	}
}
