/** Results as plain files: sent into a client's folder, or as one tar. */
@NullMarked
package dev.kiln.daemon.export.files;

import org.jspecify.annotations.NullMarked;
