// Package pkg holds no code: this test keeps the borders that README.md draws, and the sizes of the house style.
package pkg

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/ddbot/ddbot/"

// sources calls f for every Go file of the module that is not a test.
func sources(t *testing.T, f func(path string, file *ast.File, fset *token.FileSet)) {
	t.Helper()
	for _, top := range []string{"../cmd", ".", "../plugins"} {
		err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
			if err == nil {
				f(filepath.ToSlash(filepath.Join("pkg", path)), file, fset)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// pure are the packages that plugins may use, and the one that decides: nothing in them does I/O.
var pure = []string{"checklist", "command", "criteria", "decide", "diligence", "event", "evidence", "fact", "issue", "landscape", "markdown", "plan", "plugin", "precedent", "report", "stale", "template"}

// impure is what no pure package imports, nor a plugin.
var impure = []string{"net", "net/http", "os", "os/exec", "database/sql", "io/fs", "syscall", "math/rand", "math/rand/v2", "crypto/rand"}

func TestImports(t *testing.T) {
	sources(t, func(path string, file *ast.File, _ *token.FileSet) {
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			own, isOwn := strings.CutPrefix(imported, module)
			switch {
			case strings.Contains(imported, "google/go-github") && !within(path, "pkg/github/", "pkg/payload/"):
				t.Errorf("%s imports go-github: its types stay in pkg/github and pkg/payload", path)
			case isOwn && within(path, "plugins/") && path != "plugins/plugins.go" && !slices.Contains(pure, strings.TrimPrefix(own, "pkg/")):
				t.Errorf("%s imports %s: plugins decide, and use only %v", path, own, pure)
			case isOwn && isPure(path) && !slices.Contains(pure, strings.TrimPrefix(own, "pkg/")):
				t.Errorf("%s imports %s: what plugins use does no I/O", path, own)
			case !isOwn && (isPure(path) || within(path, "plugins/")) && slices.Contains(impure, imported):
				t.Errorf("%s imports %s: what decides does no I/O and asks no clock or chance", path, imported)
			case isOwn && strings.HasPrefix(own, "cmd/"):
				t.Errorf("%s imports %s", path, own)
			}
		}
	})
}

// TestComputing: packages whose tests hack/test.sh runs without the race detector start no goroutines.
func TestComputing(t *testing.T) {
	script, err := os.ReadFile("../hack/test.sh")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^plain='pkg/\(([a-z|]+)\)`).FindSubmatch(script)
	if m == nil {
		t.Fatal("hack/test.sh names no packages")
	}
	computing := strings.Split(string(m[1]), "|")
	for _, name := range computing {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			t.Errorf("hack/test.sh names a package that is not there: %s", name)
		}
	}
	sources(t, func(path string, file *ast.File, fset *token.FileSet) {
		if !slices.ContainsFunc(computing, func(p string) bool { return within(path, "pkg/"+p+"/") }) {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				t.Errorf("%s starts a goroutine: its tests run without the race detector", fset.Position(g.Pos()))
			}
			return true
		})
	})
}

// TestBorders: who decides, handles and receives knows the queue's vocabulary and links no database. An
// event's way is webhook, queue, worker, engine, decide, plugin, plan, github (pkg/README.md).
func TestBorders(t *testing.T) {
	for _, from := range []string{"queue", "event", "payload", "decide", "plan", "plugin", "engine", "webhook", "sweep", "catchup", "github", "../plugins"} {
		out, err := exec.Command("go", "list", "-deps", "./"+from).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", from, err)
		}
		for _, dep := range strings.Fields(string(out)) {
			for _, beyond := range []string{"sqlite", "jackc/pgx", module + "pkg/store", module + "pkg/worker", "database/sql"} {
				if strings.Contains(dep, beyond) {
					t.Errorf("%s links %s", from, dep)
				}
			}
		}
	}
	out, err := exec.Command("go", "list", "-f", "{{join .Imports \" \"}}", "./queue").Output()
	if err != nil || strings.Contains(string(out), ".") {
		t.Errorf("package queue imports more than the standard library: %s %v", out, err)
	}
}

func within(path string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(path, f) })
}

func isPure(path string) bool {
	return slices.ContainsFunc(pure, func(p string) bool { return filepath.ToSlash(filepath.Dir(path)) == "pkg/"+p })
}

// TestClock: the clock is an argument. Only cmd, and packages that help tests, read the real one.
func TestClock(t *testing.T) {
	sources(t, func(path string, file *ast.File, fset *token.FileSet) {
		if within(path, "cmd/") || strings.HasSuffix(file.Name.Name, "test") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && (sel.Sel.Name == "Now" || sel.Sel.Name == "Since" || sel.Sel.Name == "Until") {
				t.Errorf("%s reads the clock: take it as an argument", fset.Position(sel.Pos()))
			}
			return true
		})
	})
}

// TestSizes: what is longer than a reader likes is two things. No init functions: registration is a list.
func TestSizes(t *testing.T) {
	const maxFunc, maxFile = 60, 500
	sources(t, func(path string, file *ast.File, fset *token.FileSet) {
		if n := fset.File(file.Pos()).LineCount(); n > maxFile {
			t.Errorf("%s has %d lines, %d at most", path, n, maxFile)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > maxFunc {
				t.Errorf("%s: %s has %d lines, %d at most", path, fn.Name.Name, n, maxFunc)
			}
			if fn.Name.Name == "init" && fn.Recv == nil {
				t.Errorf("%s has an init function", path)
			}
		}
	})
}
