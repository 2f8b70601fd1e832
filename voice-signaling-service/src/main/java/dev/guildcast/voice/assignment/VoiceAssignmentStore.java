package dev.guildcast.voice.assignment;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// The state that the instances of the service share: live servers, the server of each guild, and the guild's voice
/// states.
///
/// After a loss of all data it is restored from memory, from the servers' reports and from the guilds' views. Every
/// call may fail at any time; none blocks.
public interface VoiceAssignmentStore {
    /// A server reported: it counts as alive for the store's liveness time.
    Mono<Void> renewServer(VoiceServer server, double load);

    /// Removes a server that is dead or draining, so that it is not assigned any more.
    Mono<Void> removeServer(VoiceServer server);

    /// A live server, whichever instance receives its reports.
    Mono<Optional<VoiceServer>> findServer(String id);

    /// Live servers of one region, the least loaded first; at most `max`.
    Mono<List<ServerLoad>> leastLoadedServers(String region, int max);

    /// Regions that had a server recently.
    Mono<List<String>> regions();

    Mono<StoredGuild> load(long guild);

    /// Compare-and-set of a guild's server: takes effect only when the assignment's version is `expectedVersion`.
    ///
    /// @return the assignment that is in effect now
    Mono<Assignment> assign(long guild, long expectedVersion, String server);

    /// Saves a user's state; a state without a channel is removed.
    ///
    /// @return the guild's new revision
    Mono<Long> putState(VoiceState state);

    /// Restores a guild from memory after a loss of data, unless the store has a revision as new.
    Mono<Void> restoreGuild(long guild, StoredGuild known);

    /// Guilds where a user may be in voice.
    Mono<Collection<Long>> guildsOf(long user);

    /// @param load 0 to 1
    record ServerLoad(VoiceServer server, double load) {}

    /// @param server empty: none yet
    /// @param version rises with each assignment; 0: never assigned
    record Assignment(String server, long version) {
        public static final Assignment NONE = new Assignment("", 0);
    }

    /// @param revision rises with each change; 0: nothing is stored
    record StoredGuild(Assignment assignment, List<VoiceState> states, long revision) {
        public static final StoredGuild EMPTY = new StoredGuild(Assignment.NONE, List.of(), 0);
    }
}
