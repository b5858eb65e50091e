package evidence

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// excused are the licence files of modules in ddbot's own binary that the CNCF's allow list does not settle: what the text is, by
// module and file. A path with * is a module and all below it.
var excused = []struct{ module, file, is string }{
	// No licences but lists and declarations; read by a person on 2026-11-28.
	{"modernc.org/sqlite", "LICENSE-SQLITE", ""},       // SQLite is in the public domain
	{"modernc.org/sqlite", "LICENSE-3RD-PARTY.md", ""}, // texts of what the module is made of
	{"modernc.org/libc", "LICENSE-3RD-PARTY.md", ""},   // the same: Go and musl
	{"modernc.org/memory", "LICENSE-LOGO", ""},         // the address of a picture
}

// TestLinkedLicences: what is linked into ddbot comes under licences that a CNCF project may use without asking.
func TestLinkedLicences(t *testing.T) {
	seen := map[string]bool{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}", "../../cmd/ddbot")
		list.Env = append(os.Environ(), "GOOS="+system)
		out, err := list.Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		for line := range strings.Lines(string(out)) {
			if module, dir, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !seen[module] {
				seen[module] = true
				checkLicences(t, module, dir)
			}
		}
	}
	if len(seen) < 20 {
		t.Fatalf("only %d modules are linked", len(seen))
	}
}

func checkLicences(t *testing.T, module, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "[Ll][Ii][Cc][Ee][Nn][SsCc][Ee]*"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() || strings.HasSuffix(file, ".go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found++
		switch l := (Licence{IDs: licenceIDs(string(text))}); {
		case l.Allowed():
		case excuse(module, filepath.Base(file), strings.Join(l.IDs, " ")):
		default:
			t.Errorf("%s: %s is %q, which the CNCF does not allow without asking", module, filepath.Base(file), l.IDs)
		}
	}
	if found == 0 {
		t.Errorf("%s has no licence", module)
	}
}

func excuse(module, file, is string) bool {
	for _, e := range excused {
		root, below := strings.CutSuffix(e.module, "*")
		if (module == root || below && strings.HasPrefix(module, root+"/")) && e.file == file && e.is == is {
			return true
		}
	}
	return false
}
