/// Who calls. Event loops; the file is read elsewhere.
@NullMarked
package dev.guildcast.backend.token;

import org.jspecify.annotations.NullMarked;
