package checklist

import "strings"

// lineBreak stands for the end of a line in a note while it is made safe: a character that no text has (private use).
const lineBreak = "\ue000"

// safeText is safeNote for a text of several lines and paragraphs. It stays one line of the source, with <br> between: nothing
// at the beginning of a line in it can become a list, a box, a heading or the end of the item, and what is compared by
// lines stays whole.
func safeText(text string) string {
	return strings.ReplaceAll(safeNote(onePiece(text)), lineBreak, "<br>")
}

// onePiece joins the lines of a text, paragraphs by two breaks. Code fences become code, line by line.
func onePiece(text string) string {
	var out []string
	fence := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(text, lineBreak, ""), "\n") {
		line = strings.TrimSpace(line)
		switch mark := fenceMark(line); {
		case fence != "" && strings.HasPrefix(line, fence):
			fence = ""
			if after := strings.Trim(line, " "+mark); after != "" { // whose note it is
				out = append(out, after)
			}
		case fence == "" && mark != "":
			fence = mark
		case line == "" && (len(out) == 0 || out[len(out)-1] == ""): // one empty line is enough
		case fence != "" && line != "":
			out = append(out, "`"+strings.ReplaceAll(line, "`", "'")+"`")
		default:
			out = append(out, line)
		}
	}
	joined := strings.ReplaceAll(strings.Join(out, " "+lineBreak), lineBreak+" "+lineBreak, lineBreak+lineBreak)
	return strings.Trim(joined, " "+lineBreak)
}

// fenceMark is the beginning of a line that opens or closes a code fence, or "".
func fenceMark(line string) string {
	for _, c := range "`~" {
		if n := len(line) - len(strings.TrimLeft(line, string(c))); n >= 3 && !strings.Contains(line[n:], "`") {
			return line[:n]
		}
	}
	return ""
}
