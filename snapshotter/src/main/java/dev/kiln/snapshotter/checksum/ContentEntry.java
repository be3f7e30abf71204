package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.content.Digest;
import org.jspecify.annotations.Nullable;

/**
 * One entry that a content key is made of.
 *
 * @param path a name, or a path where a selector picked the entry; without slash at either end
 * @param digest of the entry's header and content; of a folder with all that is in it
 * @param folder what is in it; null if it is no folder, or one of which only the header counts
 */
public record ContentEntry(String path, Digest digest, @Nullable ContentFolder folder) {}
