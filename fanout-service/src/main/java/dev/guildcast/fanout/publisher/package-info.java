/// Publishers: who they are by their tokens, what each may publish, and how much.
///
/// Rules are replaced by the thread that watches their file; any thread of the ingress reads them and takes from the
/// quotas, and none of it blocks.
@NullMarked
package dev.guildcast.fanout.publisher;

import org.jspecify.annotations.NullMarked;
