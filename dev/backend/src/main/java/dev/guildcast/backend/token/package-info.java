/// Authenticates callers. Event loops read a map; a timer thread reads the file.
@NullMarked
package dev.guildcast.backend.token;

import org.jspecify.annotations.NullMarked;
