package config_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins"
)

// oneFile is a repository with nothing but its own configuration.
type oneFile struct {
	text string
}

func (f oneFile) File(context.Context, issue.Ref, string) ([]byte, bool, error) {
	return []byte(f.text), f.text != "", nil
}

// TestOwnFile: a repository's own configuration that breaks leaves what it said before in use, and says so.
func TestOwnFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ddbot.yaml")
	if err := os.WriteFile(file, []byte("override: {keys: [plugins.retitle, bots]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var said bytes.Buffer
	log := logrus.New()
	log.SetOutput(&said)
	source, err := config.NewSource(file, plugins.All(), config.SourceOptions{Now: time.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	s := &config.Repositories{Source: source, Now: func() time.Time { return now }, Log: log}
	for _, step := range []struct {
		text    string
		retitle bool
		says    string
	}{
		{"plugins: {retitle: fals}", true, "it is ignored"},
		{"plugins: {retitle: false}", false, ""},
		{"plugins: {retitle: false, assgin: true}", false, "what it said before stays in use"},
		{"plugins: {retitle: false, assign: false}", false, "that part is ignored"},
		{"", true, ""},
	} {
		said.Reset()
		for range 2 { // as it was read, and as it was kept
			got, err := s.Of(t.Context(), oneFile{text: step.text}, issue.Ref{Owner: "acme", Repo: "toc", Number: 1})
			if err != nil {
				t.Fatal(err)
			}
			if on := got.Catalog.Lookup([]string{"retitle"}, "x").Ours; on != step.retitle {
				t.Errorf("%q: retitle is on: %v", step.text, on)
			}
		}
		if !strings.Contains(said.String(), step.says) || step.says == "" && said.Len() > 0 {
			t.Errorf("%q: the log says %q", step.text, said.String())
		}
		now = now.Add(config.KeepOwnFile)
	}
}
