package webhook

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Everywhere is the place of a secret that holds for all repositories, as Prow writes it.
const Everywhere = "*"

// Secrets are what may have signed a delivery, by where it came from: "owner/repo", "owner", or Everywhere. Only the most
// specific place that is there counts for a repository, as in Prow: who knows the secret of one cannot speak for another.
type Secrets map[string][][]byte

// ParseSecrets reads a file of secrets: one a line, any of which may have signed, or Prow's YAML (kubernetes-sigs/prow,
// pkg/github/hmac.go @ a61940897): a map of "*", owner or owner/repo to a list of {value, created_at}.
func ParseSecrets(data []byte) (Secrets, error) {
	var tree map[string]any
	text := strings.TrimSpace(string(data))
	mapping := yaml.Unmarshal(data, &tree) == nil && len(tree) > 0
	if mapping && strings.Contains(text, "\n") || looksLikeTree.MatchString(text) {
		return parseTree(data)
	}
	s := Secrets{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			s[Everywhere] = append(s[Everywhere], []byte(line))
		}
	}
	return s, nil
}

// looksLikeTree finds what nobody has for a secret but everybody in Prow's file, broken or not. To take its lines for secrets
// would let anybody in who can guess "'*':".
var looksLikeTree = regexp.MustCompile(`(?m)(^|[\s{,'"-])(value|created_at)['"]?\s*:`)

var rePlace = regexp.MustCompile(`^(\*|[A-Za-z0-9_-]+(/[A-Za-z0-9._-]+)?)$`)

func parseTree(data []byte) (Secrets, error) {
	var tree map[string][]struct {
		Value     string     `json:"value"`
		CreatedAt *time.Time `json:"created_at"`
	}
	if err := yaml.UnmarshalStrict(data, &tree); err != nil {
		return nil, fmt.Errorf("it looks like Prow's file of HMAC secrets, but cannot be read as one (a map of \"*\", owner or owner/repo to a list of value and created_at): %w", err)
	}
	s := Secrets{}
	for _, place := range slices.Sorted(maps.Keys(tree)) {
		if !rePlace.MatchString(place) {
			return nil, fmt.Errorf("%q is no place for a secret: write \"*\", owner or owner/repo", place)
		}
		key := issue.FoldLogin(place)
		s[key] = append([][]byte{}, s[key]...) // a place without secrets is one for which nothing is right
		for _, x := range tree[place] {
			if strings.TrimSpace(x.Value) == "" {
				return nil, fmt.Errorf("a secret of %q has no value", place)
			}
			s[key] = append(s[key], []byte(strings.TrimSpace(x.Value)))
		}
	}
	return s, nil
}

// Add takes over more secrets.
func (s Secrets) Add(more Secrets) {
	for place, list := range more {
		s[place] = append(s[place], list...)
	}
}

// usable drops empty secrets, and gives all there are, each once, with the places that each is for.
func (s Secrets) usable() (list [][]byte, places []map[string]bool, err error) {
	for _, place := range slices.Sorted(maps.Keys(s)) {
		for _, secret := range s[place] {
			if len(secret) == 0 {
				continue
			}
			i := slices.IndexFunc(list, func(have []byte) bool { return string(have) == string(secret) })
			if i < 0 {
				i = len(list)
				list, places = append(list, secret), append(places, map[string]bool{})
			}
			places[i][place] = true
		}
	}
	if len(list) == 0 {
		err = errors.New("no webhook secret: set $WEBHOOK_SECRET or use --webhook-secret-file, with the secret that GitHub has")
	}
	return list, places, err
}

// placeOf is the most specific place that a repository's deliveries must be signed for.
func (s Secrets) placeOf(owner, repo string) string {
	owner, full := issue.FoldLogin(owner), issue.FoldLogin(owner+"/"+repo)
	for _, place := range []string{full, owner} {
		if _, ok := s[place]; ok {
			return place
		}
	}
	return Everywhere
}
