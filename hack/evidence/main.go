// Command evidence measures how well package evidence finds what the TOC cited. See hack/evidence.sh.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/clones"
)

// cited is what a published report cites for one criterion of a project.
type cited struct {
	project, sha string
	places       map[string]bool // repo:path, folded
}

// tally is what is measured.
type tally struct {
	criteria, hit1, hit3, hit5, candidates, dead int
}

func main() {
	pairs := flag.String("pairs", "", "pairs.tsv")
	dir := flag.String("clones", "", "folder with clones, OWNER/NAME or OWNER+NAME/repo")
	verbose := flag.Bool("v", false, "list what was missed")
	flag.Parse()
	if err := run(context.Background(), *pairs, *dir, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "evidence:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file, dir string, verbose bool) error {
	have, err := clonesIn(dir)
	if err != nil {
		return err
	}
	wanted, err := readPairs(file, have)
	if err != nil {
		return err
	}
	var all tally
	fmt.Println("| project | criteria | hit@1 | hit@3 | candidates |")
	fmt.Println("|---|---|---|---|---|")
	for _, project := range projectsOf(wanted) {
		t, err := measure(ctx, project, wanted, have, verbose)
		if err != nil {
			return err
		}
		t.print(project)
		all.criteria += t.criteria
		all.hit1 += t.hit1
		all.hit3 += t.hit3
		all.hit5 += t.hit5
		all.candidates += t.candidates
		all.dead += t.dead
	}
	all.print("all")
	fmt.Printf("\nhit@1 %.3f  hit@3 %.3f  hit@5 %.3f  candidates per criterion %.2f  dead paths %d\n", all.share(all.hit1), all.share(all.hit3), all.share(all.hit5), all.share(all.candidates), all.dead)
	return nil
}

func (t tally) share(n int) float64 { return float64(n) / float64(max(1, t.criteria)) }

func (t tally) print(name string) {
	fmt.Printf("| %s | %d | %.2f | %.2f | %.2f |\n", name, t.criteria, t.share(t.hit1), t.share(t.hit3), t.share(t.candidates))
}

// clonesIn finds the clones of a folder by repository.
func clonesIn(dir string) (map[string]string, error) {
	have := map[string]string{}
	for _, pattern := range []string{"*/*", "*+*/repo"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			name, _ := filepath.Rel(dir, path)
			name = strings.Replace(strings.TrimSuffix(filepath.ToSlash(name), "/repo"), "+", "/", 1)
			_, bare := os.Stat(filepath.Join(path, "HEAD"))
			_, tree := os.Stat(filepath.Join(path, ".git"))
			if strings.Count(name, "/") == 1 && (bare == nil || tree == nil) {
				have[strings.ToLower(name)] = name + "=" + path
			}
		}
	}
	return have, nil
}

// readPairs takes the pairs whose repository is cloned and whose path was there.
func readPairs(file string, have map[string]string) (map[string]*cited, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	wanted := map[string]*cited{}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 13 || f[12] != "yes" || have[strings.ToLower(f[7])] == "" {
			continue
		}
		project, sha, repo, path := f[0], f[4], f[7], f[8]
		key := project + "\t" + sha
		if wanted[key] == nil {
			wanted[key] = &cited{project: project, sha: sha, places: map[string]bool{}}
		}
		wanted[key].places[strings.ToLower(repo)+":"+strings.Trim(path, "/")] = true
	}
	return wanted, nil
}

func projectsOf(wanted map[string]*cited) []string {
	var names []string
	for _, c := range wanted {
		if !slices.Contains(names, c.project) {
			names = append(names, c.project)
		}
	}
	slices.Sort(names)
	return names
}

// texts maps hashes to wordings.
func texts() map[string]string {
	byHash := map[string]string{}
	for _, id := range criteria.IDs() {
		for _, text := range criteria.Wordings(id) {
			byHash[criteria.Hash(text)] = text
		}
	}
	return byHash
}

func measure(ctx context.Context, project string, wanted map[string]*cited, have map[string]string, verbose bool) (tally, error) {
	library, err := libraryOf(ctx, project, wanted, have)
	if err != nil {
		return tally{}, err
	}
	var t tally
	words := texts()
	keys := []string{}
	for key, c := range wanted {
		if c.project == project {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		c := wanted[key]
		id, _, _ := criteria.Identify(words[c.sha])
		found := library.Find(evidence.Item{Text: words[c.sha], SHA: c.sha, Criterion: id})
		at := slices.IndexFunc(found, func(f evidence.Candidate) bool {
			return c.places[strings.ToLower(f.Repo)+":"+f.Path]
		})
		t.criteria++
		t.candidates += len(found)
		t.hit1 += btoi(at == 0)
		t.hit3 += btoi(at >= 0 && at < 3)
		t.hit5 += btoi(at >= 0)
		t.dead += dead(library, found)
		if verbose && at != 0 {
			fmt.Printf("    %s %s at %d: cited %v\n", project, id, at+1, keysOf(c.places))
			for _, f := range found {
				fmt.Printf("        %s %s (%s)\n", f.Repo, f.Path, f.Why)
			}
		}
	}
	return t, nil
}

func keysOf(m map[string]bool) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func dead(l *evidence.Library, found []evidence.Candidate) int {
	n := 0
	for _, f := range found {
		for _, t := range l.Trees {
			if _, ok := t.Find(f.Path); t.Repo == f.Repo && !ok {
				n++
			}
		}
	}
	return n
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// libraryOf reads all clones of the project's owners, and the foundation's.
func libraryOf(ctx context.Context, project string, wanted map[string]*cited, have map[string]string) (*evidence.Library, error) {
	p := evidence.Project{Names: []string{project}}
	uses := map[string]int{} // of the owners of what is cited
	for _, c := range wanted {
		for place := range c.places {
			owner, _, _ := strings.Cut(place, "/")
			if c.project == project && owner != "cncf" {
				uses[owner]++
			}
		}
	}
	owner := project
	for o, n := range uses {
		if n > uses[owner] {
			owner = o
		}
	}
	p.Main = owner + "/" + project
	var specs, names []string
	for name, spec := range have {
		by, repo, _ := strings.Cut(name, "/")
		if by == owner || name == "cncf/toc" || name == "cncf/tag-security" {
			specs, names = append(specs, spec), append(names, name)
		}
		if by == owner && (strings.EqualFold(repo, project) || strings.EqualFold(repo, owner)) {
			p.Main = name
		}
	}
	slices.Sort(names)
	source, err := clones.Open(specs)
	if err != nil {
		return nil, err
	}
	var trees []*evidence.Tree
	for _, name := range names {
		t, err := source.Tree(ctx, name)
		if err != nil {
			return nil, err
		}
		trees = append(trees, t)
	}
	l := evidence.NewLibrary(p, trees)
	return l, l.Read(ctx, source, evidence.MaxRead)
}
