package clones

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/evidence/sourcetest"
)

func TestSource(t *testing.T) {
	source, err := Open(sourcetest.Example.Clone(t))
	if err != nil {
		t.Fatal(err)
	}
	sourcetest.Run(t, source)
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for spec, want := range map[string]string{
		"acme":                       "OWNER/NAME=PATH",
		"acme/tool":                  "OWNER/NAME=PATH",
		"acme/tool=":                 "OWNER/NAME=PATH",
		"acme/../x=y":                "OWNER/NAME=PATH",
		"acme/tool=" + dir:           "not a git repository",
		"acme/tool=" + dir + "/none": "no such file",
	} {
		if _, err := Open([]string{spec}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, not %q", spec, err, want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".git"), []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open([]string{"acme/tool=" + dir}); err == nil {
		t.Error("a .git file that names no folder")
	}
}
