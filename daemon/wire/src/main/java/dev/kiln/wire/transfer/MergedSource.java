package dev.kiln.wire.transfer;

import dev.kiln.wire.fsutil.Stat;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Several trees laid over each other; where two have the same path, the later one counts. */
public final class MergedSource implements FileSource {
  private final List<FileSource> sources;
  private final Map<String, FileSource> owners = new ConcurrentHashMap<>();

  /** Lays trees over each other. All entries are held in memory while they are walked. */
  public MergedSource(List<FileSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public void walk(Visitor visitor) throws IOException {
    TreeMap<String, Stat> entries = new TreeMap<>(EntryOrder::compare);
    for (FileSource source : sources) {
      source.walk(
          entry -> {
            Stat before = entries.put(entry.getPath(), entry);
            if (before != null && isReplaced(before, entry)) {
              String inside = entry.getPath() + "/";
              entries.keySet().removeIf(path -> path.startsWith(inside));
            }
            owners.put(entry.getPath(), source);
          });
    }
    for (Stat entry : entries.values()) {
      visitor.visit(entry);
    }
  }

  private static boolean isReplaced(Stat before, Stat after) {
    return GoMode.isDirectory(before.getMode()) && !GoMode.isDirectory(after.getMode());
  }

  @Override
  public Content open(String path) throws IOException {
    @Nullable FileSource owner = owners.get(path);
    if (owner == null) {
      throw new java.io.FileNotFoundException(path);
    }
    return owner.open(path);
  }
}
