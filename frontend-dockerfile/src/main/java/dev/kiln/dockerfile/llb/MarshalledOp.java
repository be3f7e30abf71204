package dev.kiln.dockerfile.llb;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.OpMetadata;
import java.util.List;

/**
 * An operation in its final form.
 *
 * @param digest SHA-256 of the bytes
 * @param locations where in a source file it comes from
 */
record MarshalledOp(
    String digest, ByteString bytes, OpMetadata metadata, List<SourceLocation> locations) {}
