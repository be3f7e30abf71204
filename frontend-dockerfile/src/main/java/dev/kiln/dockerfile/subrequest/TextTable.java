package dev.kiln.dockerfile.subrequest;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells in aligned columns. The last cell of a row is not padded. */
final class TextTable {

  private final int gap;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * Starts a table.
   *
   * @param gap blanks between a column's widest cell and the next column
   */
  TextTable(int gap) {
    this.gap = gap;
  }

  TextTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  @Override
  public String toString() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size() - 1; i++) {
        widths[i] = Math.max(widths[i], length(row.get(i)) + gap);
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        boolean last = i == row.size() - 1;
        out.append(cell).repeat(" ", last ? 0 : widths[i] - length(cell));
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
