package report

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/evidence"
)

var (
	hasScheme = regexp.MustCompile(`(?i)^[a-z][a-z0-9+.-]*:`)
	schemes   = regexp.MustCompile(`(?i)^(?:https?|ftps?|mailto|tel|irc|ircs|xmpp|matrix|git|ssh):`)
	// siteName matches what is meant as an address of the web and has no scheme.
	siteName    = regexp.MustCompile(`(?i)^(?:[a-z0-9-]+\.)+(?:io|dev|org|com|net|app|ai|cloud|tech|sh|co|edu|gov|eu|de|uk|cn|jp)(?:[/:?#]|$)`)
	mailAddress = regexp.MustCompile(`^[\w.+-]+@[\w-]+\.[\w.-]+$`)
	nobodys     = regexp.MustCompile(`(?i)^https?://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|[\w.-]+\.(?:invalid|local|localhost|internal))(?:[:/?#]|$)`)
	badURL      = regexp.MustCompile(`(?i)^(?:https?:/?[^/]|https?//|htp|htt:|http?s?;|ttps?:|https?:///|https?://(?:https?:|https?/|$))`)
)

// addresses looks at each address, once a line.
func (l *linter) addresses() {
	walled, forms := l.channelLines(), l.linesOf(reportCriteria)
	seen := map[checklist.Link]bool{}
	for _, link := range l.links {
		key := checklist.Link{URL: link.URL, Line: link.Line}
		if seen[key] {
			continue
		}
		seen[key] = true
		u := link.URL
		switch {
		case evidence.Hidden(u):
			l.add(link.Line, HiddenLink, "The address %s has an invisible character in it; without it, it would be another.", short(u))
		case badURL.MatchString(u), hasScheme.MatchString(u) && !schemes.MatchString(u) && !siteName.MatchString(u):
			l.add(link.Line, MalformedLink, "The address %s is not written right.", short(u))
		case strings.HasPrefix(strings.ToLower(u), "www."):
		case !hasScheme.MatchString(u):
			l.relative(link)
		case evidence.WantsLogin(u):
			if !walled[link.Line] && (!forms[link.Line] || !evidence.WantsReport(u)) {
				l.add(link.Line, LoginLink, "The link %s wants a login: the public cannot open it.", short(u))
			}
		default:
			l.web(link)
		}
	}
	l.fragments()
}

// web looks at an address of the web.
func (l *linter) web(link checklist.Link) {
	state := Unknown
	if l.o.State != nil {
		state = l.o.State(link.URL)
	}
	at := evidence.PlaceOf(link.URL)
	switch {
	case nobodys.MatchString(link.URL):
		l.add(link.Line, DeadLink, "The link %s leads to no place that others can reach.", short(link.URL))
	case state == Dead:
		l.add(link.Line, DeadLink, "The link %s is dead.", short(link.URL))
	case state == Walled:
		l.add(link.Line, LoginLink, "The link %s wants a login: the public cannot open it.", short(link.URL))
	case at != nil && at.Path != "" && !at.IsPinned():
		l.add(link.Line, UnpinnedLink, "The link %s is not pinned to a commit: it may show something else tomorrow.", short(link.URL))
	}
}

func (l *linter) relative(link checklist.Link) {
	if siteName.MatchString(link.URL) {
		l.add(link.Line, MalformedLink, "The address %s has no https:// before it, so it leads to a file of that name.", short(link.URL))
		return
	}
	if mailAddress.MatchString(link.URL) {
		l.add(link.Line, MalformedLink, "The address %s has no mailto: before it, so it leads to a file of that name.", short(link.URL))
		return
	}
	if l.o.Exists == nil {
		return
	}
	path, _, _ := strings.Cut(link.URL, "#")
	path, _, _ = strings.Cut(path, "?")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	if there, known := l.o.Exists(path); known && !there {
		l.add(link.Line, DeadLink, "The link %s leads to a file that is not there.", short(link.URL))
	}
}

var (
	// channelCriteria are answered by the address of a channel, although it wants a login.
	channelCriteria = []string{"channel", "channels", "meetings"}
	// reportCriteria are answered by GitHub's form for vulnerabilities, the same.
	reportCriteria = []string{"sec-report", "sec-roles"}
)

// linesOf gives the lines of links in answers to criteria.
func (l *linter) linesOf(criteria []string) map[int]bool {
	on := map[int]bool{}
	for _, b := range l.boxes {
		if !slices.Contains(criteria, b.id) {
			continue
		}
		for _, link := range b.said.Links() {
			on[link.Line] = true
		}
	}
	return on
}

// channelLines gives the lines on which the address of a channel is what is asked for.
func (l *linter) channelLines() map[int]bool {
	on := l.linesOf(channelCriteria)
	for i, ln := range l.lines {
		if channelField.MatchString(ln.raw) {
			on[i+1] = true
		}
	}
	return on
}

var channelField = regexp.MustCompile(`(?i)^[\s*_-]*(?:project )?(?:communications?|slack|channels?|chat)\b[^:]{0,30}:`)

var (
	// to is what an address begins with where one is surely meant.
	to        = `(?:https?://|www\.|mailto:|\.{0,2}/|[\w./-]+\.(?:md|html?|pdf|txt|ya?ml)\b)`
	noAddress = regexp.MustCompile(`\[[^\[\]]+\]\(\s*\)`)
	apart     = regexp.MustCompile(`\]\s+\(https?://[^)\s]*\)`)
	// unclosed ends with the line, or goes on with words up to it or to the next link.
	unclosed  = regexp.MustCompile(`\]\(` + to + `[^()\s]*(?:\s+[^()\s"'][^()]*(?:\(|$)|\s*$)`)
	withBlank = regexp.MustCompile(`\[[^\[\]]+\]\([^()\s<>"']+\s+[^()<>"']*[^()<>"'\s][^()<>"']*\)`)
	halfOpen  = regexp.MustCompile(`\[[^\[\]()]+\(https?://[^()\s]*\)[^\[\]]*$`)
	turned    = regexp.MustCompile(`\([^()\[\]]+\)\[https?://[^\]\s]+\]`)
	fragment  = regexp.MustCompile(`\]\(#([^)\s]+)\)`)
)

// malformed finds what Markdown does not see as a link, and links without an address.
func (l *linter) malformed() {
	for i, ln := range l.lines {
		if !strings.Contains(ln.prose, "](") && !strings.Contains(ln.prose, "] ") && !strings.Contains(ln.prose, ")[") && !strings.Contains(ln.prose, "(http") {
			continue
		}
		text := codeSpan.ReplaceAllString(ln.prose, "")
		for _, c := range []struct {
			re   *regexp.Regexp
			text string
		}{
			{noAddress, "The link %s has no address."},
			{apart, "A blank between ] and ( keeps %s from being a link."},
			{unclosed, "The bracket that %s opens is never closed."},
			{withBlank, "A blank in the address keeps %s from being a link."},
			{halfOpen, "The bracket before %s is never closed."},
			{turned, "%s is no link: the text stands in [ ], the address in ( )."},
		} {
			m := c.re.FindString(text)
			if m == "" || c.re == unclosed && i+1 < len(l.lines) && closes.MatchString(l.lines[i+1].prose) {
				continue
			}
			l.add(i+1, MalformedLink, c.text, short(m))
		}
	}
	l.undefined()
}

var (
	closes     = regexp.MustCompile(`^\s*(?:["'][^"']*["']\s*)?\)`) // a link that goes on in the next line
	definition = regexp.MustCompile(`^[\s>]*\[([^\[\]]+)\]:`)
	// reference is a link whose address stands elsewhere: [text][label], or [label][].
	reference = regexp.MustCompile(`(?:^|[^\w\\\]!])\[([^\[\]]*\pL[^\[\]]+)\]\[([^\[\]]*)\]`)
)

// undefined finds links that refer to an address that is nowhere in the text.
func (l *linter) undefined() {
	if !strings.Contains(l.Outline.Text, "][") {
		return
	}
	defined := map[string]bool{}
	for _, ln := range l.lines {
		if m := definition.FindStringSubmatch(ln.prose); m != nil {
			defined[labelOf(m[1])] = true
		}
	}
	for i, ln := range l.lines {
		if !strings.Contains(ln.prose, "][") {
			continue
		}
		for _, m := range reference.FindAllStringSubmatch(codeSpan.ReplaceAllString(ln.prose, ""), -1) {
			label := m[2]
			if label == "" {
				label = m[1]
			}
			if strings.ContainsFunc(label, unicode.IsLetter) && !defined[labelOf(label)] {
				l.add(i+1, MalformedLink, "The link [%s][%s] leads nowhere: no line begins with [%s]: and its address.", short(m[1]), short(m[2]), short(label))
			}
		}
	}
}

// labelOf is what labels are compared by.
func labelOf(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// fragments finds links to headings that are not in the text.
func (l *linter) fragments() {
	names := map[string]bool{}
	for _, h := range l.Outline.Headings() {
		name := slug(h.Title)
		for names[name] {
			name += "-1"
		}
		names[name] = true
	}
	for i, ln := range l.lines {
		if !strings.Contains(ln.prose, "](#") {
			continue
		}
		for _, m := range fragment.FindAllStringSubmatch(ln.prose, -1) {
			name, err := url.PathUnescape(m[1])
			if err != nil {
				name = m[1]
			}
			lower := strings.ToLower(name)
			if !names[lower] && !names[strings.TrimRight(lower, "-0123456789")] && !strings.Contains(l.Outline.Text, `"`+name+`"`) {
				l.add(i+1, DeadLink, "The link #%s leads to a heading that is not there.", short(m[1]))
			}
		}
	}
}

// slug is GitHub's name of a heading in an address, as github-slugger 2.0.0 (npm) makes it.
func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc), r == '-':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, title)
}
