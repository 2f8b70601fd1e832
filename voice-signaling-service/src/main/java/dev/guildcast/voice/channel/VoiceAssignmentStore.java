package dev.guildcast.voice.channel;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// What the instances of the service share: live servers, the server of each guild, and who is in voice there.
///
/// Losing all of it loses nothing that memory, reports of servers and guild views do not bring back. Every call may
/// fail at any time; none blocks.
public interface VoiceAssignmentStore {
    /// A sign of life of a server; it lives on for the store's liveness time.
    Mono<Void> alive(VoiceServer server, double load);

    /// The server takes no more guilds and is not waited for.
    Mono<Void> gone(VoiceServer server);

    /// A server that lives, whoever hears its reports.
    Mono<Optional<VoiceServer>> server(String id);

    /// Servers that live, of one region, the least loaded first; at most `max`.
    Mono<List<Loaded>> servers(String region, int max);

    /// Regions that had a server lately.
    Mono<List<String>> regions();

    Mono<StoredGuild> load(long guild);

    /// Compare-and-set of a guild's server: takes effect only when the assignment's version is `expected`.
    ///
    /// @return what stands now
    Mono<Assignment> assign(long guild, long expected, String server);

    /// Keeps a user's state; left states are removed.
    ///
    /// @return the guild's new revision
    Mono<Long> put(VoiceState state);

    /// Writes a guild as memory has it, unless the store knows a newer revision: after a wipe.
    Mono<Void> restore(long guild, StoredGuild known);

    /// Guilds where a user may be in voice.
    Mono<Collection<Long>> guildsOf(long user);

    /// @param load 0 to 1
    record Loaded(VoiceServer server, double load) {}

    /// @param server empty: none yet
    /// @param version rises with each assignment; 0: never assigned
    record Assignment(String server, long version) {
        public static final Assignment NONE = new Assignment("", 0);
    }

    /// @param revision rises with each change; 0: nothing is stored
    record StoredGuild(Assignment assignment, List<VoiceState> states, long revision) {
        public static final StoredGuild NOTHING = new StoredGuild(Assignment.NONE, List.of(), 0);
    }
}
