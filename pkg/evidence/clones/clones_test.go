package clones

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/sourcetest"
)

func TestSource(t *testing.T) {
	source, err := Open(sourcetest.Example.Clone(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	sourcetest.Run(t, source)
}

// TestPartial: what a partial clone lacks is gone, and the rest is read; nothing is fetched, though the origin is there. So
// with a shallow clone.
func TestPartial(t *testing.T) {
	specs := sourcetest.Example.Clone(t)
	i := slices.IndexFunc(specs, func(s string) bool { return strings.HasPrefix(s, "acme/tool=") })
	_, origin, _ := strings.Cut(specs[i], "=")
	for _, more := range [][]string{{"--filter=blob:none"}, {"--depth=1"}} {
		part := filepath.Join(t.TempDir(), "part")
		args := append([]string{"clone", "-q", "--no-checkout"}, more...)
		for _, call := range [][]string{{"-C", origin, "config", "uploadpack.allowFilter", "true"}, append(args, "file://"+origin, part)} {
			if out, err := exec.Command("git", call...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		source, err := Open([]string{"acme/tool=" + part})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = source.Close() })
		tree, err := source.Tree(t.Context(), "acme/tool")
		if err != nil || len(tree.Entries) != 7 {
			t.Fatal(tree, err)
		}
		got, err := source.Read(t.Context(), []evidence.File{{Tree: tree, Path: "README.md"}, {Tree: tree, Path: "GOVERNANCE.md"}})
		if err != nil || got[0].Gone != (more[0] != "--depth=1") {
			t.Errorf("%v: %+v %v", more, got, err)
		}
		if h, err := source.History(t.Context(), []evidence.File{{Tree: tree, Path: "GOVERNANCE.md"}}); err != nil || len(h[0]) == 0 {
			t.Errorf("%v: %v %v", more, h, err)
		}
	}
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
