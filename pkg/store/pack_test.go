package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/queue"
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

// TestDamaged: a payload that was damaged on disk can be had and listed as such, so that it can fail and be given up; what an unknown
// version has packed waits for that version.
func TestDamaged(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), Options{Now: time.Now, Log: logrus.New()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	payload := []byte(strings.Repeat(`{"url":"https://api.github.com/repos/acme/toc"}`, 20))
	if _, err := db.Receive(t.Context(), queue.Delivery{GUID: "g", Key: "k", Event: "issues", Payload: payload}); err != nil {
		t.Fatal(err)
	}
	set := func(sql string) {
		if n, err := db.engine.exec(t.Context(), sql); err != nil || n != 1 {
			t.Fatal(n, err)
		}
	}
	next := func() (*Work, error) {
		c, err := db.Claim(t.Context(), "k", 3)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Release(t.Context(), 0)
		return c.Next(t.Context())
	}
	set(`UPDATE delivery SET payload = substr(payload, 1, 20)`)
	w, err := next()
	if err != nil || len(w.Deliveries()) != 1 || !errors.Is(w.Deliveries()[0].Damaged, errDamaged) || w.Deliveries()[0].Payload != nil {
		t.Errorf("%v: %+v", err, w)
	}
	set(`UPDATE delivery SET state = 2`)
	if ds, err := db.Dead(t.Context()); err != nil || len(ds) != 1 || ds[0].Damaged == nil {
		t.Errorf("%v: %+v", err, ds)
	}
	set(`UPDATE delivery SET state = 0, packed = 7`)
	if _, err := next(); err == nil || !strings.Contains(err.Error(), "does not know") {
		t.Error(err)
	}
}
