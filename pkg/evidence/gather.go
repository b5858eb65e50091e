package evidence

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/landscape"
)

// Options say what to gather.
type Options struct {
	Project  Project
	Level    string // Incubation or Graduation
	Now      time.Time
	AllRepos bool // look at every repository that the source was given; else at a few of the owner by their names
	// SameOwner leaves repositories of other owners out of that, where the source was given those of several projects.
	SameOwner bool
	MaxRead   int // documents of one repository; 0 is MaxRead
	// Landscape is the text of landscape.yml where the caller has it.
	Landscape []byte
	// BadgeLevel asks for the level of a badge; nil leaves that out.
	BadgeLevel func(ctx context.Context, id string) (string, error)
	// LookAt opens an address outside GitHub; nil leaves that out.
	LookAt func(ctx context.Context, address string) Page
	// Progress is told what is being done; nil is fine.
	Progress func(string)
}

// maxRepos is how many repositories of a project are looked at on GitHub.
const maxRepos = 6

// gatherer is one run of Gather.
type gatherer struct {
	Options
	source Source
	f      *Facts
	past   *past
}

// Gather asks the source for all that the items need. What cannot be had is a gap of the facts, not an error; an error is
// that the main repository is not there, an outage, or the end of ctx.
func Gather(ctx context.Context, source Source, items []Item, o Options) (*Facts, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.MaxRead == 0 {
		o.MaxRead = MaxRead
	}
	g := &gatherer{Options: o, source: source, f: &Facts{
		Project: o.Project, Level: o.Level, Now: o.Now, Gaps: map[string]string{}, History: map[string][]Change{},
		States: map[Place]Seen{}, Web: map[string]Page{}, Library: NewLibrary(o.Project, nil),
	}}
	for _, step := range []func(context.Context) error{g.landscape, g.trees, g.documents, g.historyAhead, g.maintainers, g.licence, g.releases, g.history} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	if err := g.links(ctx, items); err != nil {
		return nil, err
	}
	g.badge(ctx)
	return g.f, ctx.Err()
}

// lack turns errors that only mean "not to be had" into a gap.
func (g *gatherer) lack(what string, err error) error {
	switch {
	case errors.Is(err, ErrNoRepo):
		g.f.Gaps[strings.ToLower(what)] = "it is not among what can be read"
	case errors.Is(err, ErrBudget):
		g.f.Gaps[strings.ToLower(what)] = budgetGap
	case errors.Is(err, ErrShallow):
		g.f.Gaps[strings.ToLower(what)] = ErrShallow.Error()
	default:
		return err
	}
	return nil
}

const maxLandscape = 8 << 20

func (g *gatherer) landscape(ctx context.Context) error {
	data := g.Landscape
	if data == nil {
		var err error
		g.Progress("reading the landscape")
		if data, err = g.source.Raw(ctx, "cncf/landscape", "landscape.yml", maxLandscape); err != nil {
			return g.lack("cncf/landscape", err)
		}
	}
	entries, err := landscape.Read(data)
	if err != nil {
		g.f.Gaps["cncf/landscape"] = err.Error()
		return nil //nolint:nilerr // a gap is told
	}
	g.f.Projects = entries
	if e, ok := landscape.Find(entries, g.Project.Main); ok {
		p := &g.f.Project
		g.f.Landscape = &e
		p.Names = append(append(p.Names, e.Name), e.Names...)
		p.Repos = append(p.Repos, e.Repos...)
		for _, r := range e.Repos {
			if owner, _, _ := strings.Cut(r, "/"); !p.owns(owner) {
				p.Aliases = append(p.Aliases, owner)
			}
		}
	}
	return nil
}

// trees chooses the repositories and reads their trees, the foundation's after the project's.
func (g *gatherer) trees(ctx context.Context) error {
	names, err := g.choose(ctx)
	if err != nil {
		return err
	}
	var trees []*Tree
	for _, name := range append(names, "cncf/toc", "cncf/tag-security") {
		if slices.ContainsFunc(trees, func(t *Tree) bool { return strings.EqualFold(t.Repo, name) }) {
			continue
		}
		g.Progress("reading the tree of " + name)
		t, err := g.source.Tree(ctx, name)
		if err != nil {
			switch isMain := strings.EqualFold(name, g.Project.Main); {
			case isMain && (!g.AllRepos || len(names) == 1):
				return fmt.Errorf("read %s: %w", name, err)
			case isMain && errors.Is(err, ErrNoRepo): // other repositories of the project are there
				g.f.Gaps[gapRepos] = name + " is not among the clones"
			case !strings.HasPrefix(name, "cncf/") && errors.Is(err, ErrBudget):
				g.f.Gaps[gapRepos] = budgetGap
			}
			if err := g.lack(name, err); err != nil {
				return err
			}
			continue
		}
		trees = append(trees, t)
	}
	g.f.Library = NewLibrary(g.f.Project, trees)
	return nil
}

// choose gives the main repository, and of the others those that hold common papers: those that .project and the landscape
// name come after those whose name says so.
func (g *gatherer) choose(ctx context.Context) ([]string, error) {
	names := []string{g.Project.Main}
	g.Progress("listing the repositories of " + g.Project.Owner())
	owner := g.Project.Owner()
	if g.AllRepos && !g.SameOwner {
		owner = ""
	}
	repos, err := g.source.Repos(ctx, owner)
	if err != nil {
		if err := g.lack(gapRepos, err); err != nil {
			return nil, err
		}
	}
	known := map[string]bool{}
	for _, r := range repos {
		_, name, _ := strings.Cut(strings.ToLower(r.Name), "/")
		known[strings.ToLower(r.Name)] = !r.Archived && !r.Fork
		wanted := communityRepo.MatchString(name) && !r.Archived && !r.Fork
		if g.AllRepos {
			wanted = !strings.HasPrefix(strings.ToLower(r.Name), "cncf/") && !g.ofOther(r.Name)
		}
		if wanted {
			names = append(names, r.Name)
		}
	}
	slices.SortStableFunc(names[1:], func(a, b string) int { return papersFirst(a) - papersFirst(b) })
	for _, name := range append(g.Project.Repos, g.f.Project.Repos...) {
		owner, _, _ := strings.Cut(name, "/")
		if !g.AllRepos && !strings.EqualFold(owner, g.Project.Owner()) || known[strings.ToLower(name)] {
			names = append(names, name)
		}
	}
	names = uniqueFold(names)
	if !g.AllRepos && len(names) > maxRepos {
		names = names[:maxRepos]
	}
	return names, nil
}

// ofOther tells whether the landscape has a repository's owner as another project's.
func (g *gatherer) ofOther(repo string) bool {
	owner, _, _ := strings.Cut(repo, "/")
	if g.f.Project.owns(owner) {
		return false
	}
	return slices.ContainsFunc(g.f.Projects, func(e landscape.Entry) bool { return !g.f.isOwn(e) && e.Of(owner) })
}

// papersFirst orders repositories by how much of governance is in them.
func papersFirst(repo string) int {
	_, name, _ := strings.Cut(strings.ToLower(repo), "/")
	for i, n := range []string{"community", "governance", ".github", ".project", "steering", "org"} {
		if name == n {
			return i
		}
	}
	return 10
}

// documents reads what the finder and the checks look at, and the machine-readable files.
func (g *gatherer) documents(ctx context.Context) error {
	g.Progress(fmt.Sprintf("reading documents of %d repositories", len(g.f.Library.Trees)))
	gone, err := g.f.Library.Read(ctx, g.source, g.MaxRead)
	if err != nil {
		if err := g.lack("documents", err); err != nil {
			return err
		}
	} else if gone > 0 {
		g.f.Gaps["documents"] = fmt.Sprintf("%d files have no contents here: is it a partial clone, made with --filter?", gone)
	}
	var files []File
	for _, t := range g.f.Library.Trees {
		if _, name, _ := strings.Cut(strings.ToLower(t.Repo), "/"); name == ".project" {
			files = append(files, filesNamed(t, "project.yaml", "org.yaml", "maintainers.yaml")...)
		}
		if l := g.f.Library; l.role(t) != roleFoundation {
			for _, dir := range []string{"", ".github/", ".gitlab/"} {
				for _, name := range []string{"security-insights.yml", "SECURITY-INSIGHTS.yml", "security-insights.yaml"} {
					if _, ok := t.Find(dir + name); ok {
						files = append(files, File{Tree: t, Path: dir + name})
					}
				}
			}
		}
	}
	contents, err := g.source.Read(ctx, files)
	if err != nil {
		return g.lack(".project", err)
	}
	g.machineReadable(files, contents)
	return nil
}

// filesNamed gives the files of these names in the root and in folders of it.
func filesNamed(t *Tree, names ...string) []File {
	var files []File
	for _, e := range t.Entries {
		if !e.Dir && slices.Contains(names, path.Base(e.Path)) && strings.Count(e.Path, "/") <= 1 {
			files = append(files, File{Tree: t, Path: e.Path})
		}
	}
	return files
}

// machineReadable takes .project first, the folder of this project where one organisation has several.
func (g *gatherer) machineReadable(files []File, contents []Content) {
	folders := g.orgFolders(files, contents)
	for i, file := range files {
		from := strings.TrimPrefix(file.Tree.Repo, g.Project.Owner()+"/") + "/" + file.Path
		switch base := path.Base(file.Path); {
		case contents[i].Data == nil:
			g.f.Gaps[strings.ToLower(from)] = "it is too long, or not there"
		case base == "project.yaml" && folders != nil && !slices.Contains(folders, path.Dir(file.Path)):
			// Where org.yaml lists folders, what stands in the root is of nobody.
		case base == "project.yaml":
			p, err := readProject(contents[i].Data, from)
			if err != nil {
				g.f.Gaps[strings.ToLower(from)] = err.Error()
				continue
			}
			own := g.f.Project.isName(p.Slug) || g.f.Project.isName(p.Name) || slices.ContainsFunc(p.Repos, func(r string) bool { return strings.EqualFold(r, g.Project.Main) })
			if g.f.Dot == nil || own {
				g.f.Dot = p
			}
		case strings.Contains(strings.ToLower(base), "insights"):
			refs, err := readInsights(contents[i].Data, from)
			if err != nil {
				g.f.Gaps[strings.ToLower(from)] = err.Error()
			}
			g.f.Refs = append(g.f.Refs, refs...)
		}
	}
	if g.f.Dot != nil {
		g.f.Refs = append(slices.Clone(g.f.Dot.Refs), g.f.Refs...)
		for i, file := range files {
			if path.Base(file.Path) == "maintainers.yaml" && contents[i].Data != nil && len(g.f.Dot.Logins) == 0 {
				logins, err := readTeams(contents[i].Data, g.f.Dot.Slug)
				if err != nil {
					g.f.Gaps[".project/maintainers.yaml"] = err.Error()
				}
				g.f.Dot.Logins = logins
			}
		}
	}
	for i := range g.f.Refs {
		g.f.Refs[i].Place = g.resolve(g.f.Refs[i])
	}
}

// orgFolders gives the folders that org.yaml lists, nil where there is none.
func (g *gatherer) orgFolders(files []File, contents []Content) []string {
	for i, file := range files {
		if file.Path != "org.yaml" || contents[i].Data == nil {
			continue
		}
		folders, err := orgFolders(contents[i].Data)
		if err != nil {
			g.f.Gaps[".project/org.yaml"] = err.Error()
			return nil
		}
		return folders
	}
	return nil
}

// resolve finds what a reference means: a whole address, or a path of .project or of the main repository, which is not said.
func (g *gatherer) resolve(r Ref) *Place {
	if r.Place != nil || strings.Contains(r.Address, "://") {
		return r.Place
	}
	p := path.Clean(strings.TrimPrefix(r.Address, "/"))
	for _, repo := range []string{g.Project.Owner() + "/.project", g.Project.Main} {
		if t := g.f.tree(repo); t != nil {
			if _, ok := t.Find(p); ok {
				return &Place{Repo: t.Repo, Path: p}
			}
		}
	}
	return nil
}

// maintainers takes the teams of .project; companies stand only in the foundation's lists.
func (g *gatherer) maintainers(ctx context.Context) error {
	var people []landscape.Person
	owners := append([]string{g.Project.Owner()}, g.Project.Aliases...)
	names := append([]string{g.Project.repoName()}, g.f.Project.Names...)
	g.Progress("reading the foundation's lists of maintainers")
	for _, file := range []string{"project-maintainers.csv", "project-maintainers-.project.csv"} {
		data, err := g.source.Raw(ctx, "cncf/foundation", file, 4<<20)
		if err != nil {
			if err := g.lack("cncf/foundation", err); err != nil {
				return err
			}
			continue
		}
		groups, err := landscape.ReadMaintainers(data)
		if err != nil {
			g.f.Gaps["cncf/foundation/"+file] = err.Error()
			continue
		}
		if own := landscape.People(groups, names, owners); len(own) > len(people) {
			people, g.f.PeopleBy = own, file
		}
	}
	if len(people) > 0 {
		delete(g.f.Gaps, "cncf/foundation")
	}
	g.f.People = people
	if g.f.Dot == nil || len(g.f.Dot.Logins) == 0 {
		return nil
	}
	g.f.People, g.f.PeopleBy = nil, ".project/maintainers.yaml"
	for _, login := range g.f.Dot.Logins {
		p := landscape.Person{Login: login}
		if i := slices.IndexFunc(people, func(o landscape.Person) bool { return strings.EqualFold(o.Login, login) }); i >= 0 {
			p = people[i]
		}
		g.f.People = append(g.f.People, p)
	}
	return nil
}

func (g *gatherer) licence(ctx context.Context) error {
	for _, d := range g.f.best("license") {
		if strings.EqualFold(d.Tree.Repo, g.Project.Main) && d.Read && depth(d.Path) == 0 && !strings.HasPrefix(d.Name, "notice") {
			g.f.Licence = Licence{File: d, IDs: licenceIDs(d.Text)}
			return g.exceptions(ctx)
		}
	}
	return nil
}

// exceptions asks for the board's decisions where the licence is not the foundation's own.
func (g *gatherer) exceptions(ctx context.Context) error {
	l := &g.f.Licence
	if len(l.IDs) == 0 || slices.Equal(l.IDs, []string{"Apache-2.0"}) {
		return nil
	}
	data, err := g.source.Raw(ctx, "cncf/foundation", "license-exceptions/exceptions.json", 4<<20)
	if err != nil {
		return g.lack("licence exceptions", err)
	}
	list, err := readExceptions(data)
	if err != nil {
		g.f.Gaps["licence exceptions"] = err.Error()
		return nil //nolint:nilerr // a gap is told
	}
	for _, name := range append([]string{g.f.Project.repoName()}, g.f.Project.Names...) {
		l.Excepted = l.Excepted || excepted(list, name, l.IDs)
	}
	return nil
}

func (g *gatherer) releases(ctx context.Context) error {
	g.Progress("reading the releases of " + g.Project.Main)
	var err error
	if g.f.Releases, err = g.source.Releases(ctx, g.Project.Main); err != nil {
		return g.lack("releases", err)
	}
	g.f.HasReleases = true
	return nil
}

// links looks at what the items cite.
func (g *gatherer) links(ctx context.Context, items []Item) error {
	var places []Place
	var pages []string
	for _, it := range items {
		for _, l := range it.Links {
			switch {
			case l.Place != nil && !slices.Contains(places, *l.Place):
				places = append(places, *l.Place)
			case l.Place == nil && !slices.Contains(pages, l.URL):
				pages = append(pages, l.URL)
			}
		}
	}
	g.Progress(fmt.Sprintf("looking at %d links to files and repositories", len(places)))
	states, err := g.source.Lookup(ctx, places)
	if err != nil {
		if err := g.lack("links", err); err != nil {
			return err
		}
	}
	for i, s := range states {
		g.f.States[places[i]] = s
	}
	if g.LookAt == nil {
		return nil
	}
	for i, address := range pages {
		g.Progress(fmt.Sprintf("looking at page %d of %d", i+1, len(pages)))
		g.f.Web[address] = g.LookAt(ctx, address)
	}
	return nil
}

func (g *gatherer) badge(ctx context.Context) {
	id := g.f.BadgeID()
	switch {
	case g.BadgeLevel == nil:
		g.f.Gaps["badge"] = "reads outside GitHub are off (--badge)"
	case id != "":
		g.Progress("asking for the level of badge " + id)
		level, err := g.BadgeLevel(ctx, id)
		if err != nil {
			g.f.Gaps["badge"] = err.Error()
			return
		}
		g.f.Badge = &Badge{ID: id, Level: level}
	}
}
