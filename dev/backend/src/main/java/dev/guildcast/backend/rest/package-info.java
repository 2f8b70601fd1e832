/// The routes under /api. Event loops, which nothing here blocks.
@NullMarked
package dev.guildcast.backend.rest;

import org.jspecify.annotations.NullMarked;
