package dev.kiln.dockerfile.context;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.llb.State;
import org.jspecify.annotations.Nullable;

/**
 * A named context, ready for use.
 *
 * @param config JSON of its image config if it is an image, else null
 */
public record LoadedContext(State state, @Nullable ByteString config) {}
