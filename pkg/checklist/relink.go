package checklist

import (
	"slices"
	"strings"
)

// relinks parts the operations that are about addresses from those on items.
func relinks(ops []Op) (others, links []Op) {
	if !slices.ContainsFunc(ops, func(op Op) bool { return op.Kind == OpRelink }) {
		return ops, nil
	}
	for _, op := range ops {
		if op.Kind == OpRelink {
			links = append(links, op)
		} else {
			others = append(others, op)
		}
	}
	return others, links
}

// Relink writes another address for one, wherever it stands in a text, as the operation does.
func Relink(text, from, to string) string {
	return relink(text, []Op{{Kind: OpRelink, Text: from + " " + to}})
}

// relink writes other addresses. One that is only the beginning of another, or stands in one, is not meant.
func relink(body string, links []Op) string {
	for _, op := range links {
		from, to, ok := strings.Cut(op.Text, " ")
		if !ok || from == "" {
			continue
		}
		var b strings.Builder
		rest := body
		for {
			i := strings.Index(rest, from)
			if i < 0 {
				break
			}
			end := i + len(from)
			before := b.Len() + i
			whole := (before == 0 || !inAddress(lastByte(b.String(), rest[:i]))) && ends(rest[end:])
			b.WriteString(rest[:i])
			if whole {
				b.WriteString(to)
			} else {
				b.WriteString(from)
			}
			rest = rest[end:]
		}
		body = b.String() + rest
	}
	return body
}

// CountLinks tells how often an address stands in a text.
func CountLinks(body, address string) int {
	const mark = "\x00"
	return strings.Count(relink(body, []Op{{Kind: OpRelink, Text: address + " " + mark}}), mark)
}

func lastByte(a, b string) byte {
	if b != "" {
		return b[len(b)-1]
	}
	return a[len(a)-1]
}

// inAddress tells whether a byte can stand within an address.
func inAddress(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("/_?&=#%+~-:@", c) >= 0
}

// ends tells whether an address ends before this text. A dot or comma may end the sentence.
func ends(rest string) bool {
	trimmed := strings.TrimLeft(rest, ".,;!")
	return trimmed == "" || !inAddress(trimmed[0])
}
