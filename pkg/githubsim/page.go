package githubsim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

const (
	defaultPage = 30
	maxPage     = 100
)

// paginate cuts the page out that was asked for and writes the Link header to the others.
func paginate(rq *request, list []any, h http.Header) []any {
	size := positive(rq.URL.Query().Get("per_page"), defaultPage)
	size = min(size, maxPage)
	page := positive(rq.URL.Query().Get("page"), 1)
	last := max(1, (len(list)+size-1)/size)
	var links []string
	link := func(rel string, to int) {
		q := rq.URL.Query()
		q.Set("page", strconv.Itoa(to))
		path := strings.TrimPrefix(rq.URL.EscapedPath(), "/api/v3")
		links = append(links, fmt.Sprintf(`<%s%s?%s>; rel="%s"`, rq.base, path, q.Encode(), rel))
	}
	if page > 1 {
		link("prev", min(page-1, last))
	}
	if page < last {
		link("next", page+1)
		link("last", last)
	}
	if page > 1 {
		link("first", 1)
	}
	if len(links) > 0 {
		h.Set("Link", strings.Join(links, ", "))
	}
	from := min((page-1)*size, len(list))
	return list[from:min(from+size, len(list))]
}

func positive(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return n
	}
	return otherwise
}
