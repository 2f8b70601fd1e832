package dev.guildcast.voice.signaling;

import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.call.VoiceGateway;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.media.MediaServers;
import dev.guildcast.voice.v1.CloseRoom;
import dev.guildcast.voice.v1.HeldRoom;
import dev.guildcast.voice.v1.LeaveRoom;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Compares what a voice server carries, when it registers, with what it should: a room whose guild has moved since is
/// closed, a user who has left meanwhile is cut off. What is right stays, also when this instance has just started and
/// no client has come back yet: media does not stop with signaling.
///
/// - **Owner:** the voice loop.
/// - **Bound:** the rooms of a server; [#GUILDS_IN_FLIGHT_MAX] at a time.
final class HeldRoomReconciler {
    /// Each is one call of the store; joins need it, too.
    private static final int GUILDS_IN_FLIGHT_MAX = 16;

    private final VoiceLoop voiceLoop;
    private final VoiceRoster roster;
    private final MediaServers servers;
    private final VoiceGateway gateway;

    HeldRoomReconciler(VoiceLoop voiceLoop, VoiceRoster roster, MediaServers servers, VoiceGateway gateway) {
        this.voiceLoop = voiceLoop;
        this.roster = roster;
        this.servers = servers;
        this.gateway = gateway;
    }

    void onRegistered(String serverId, List<HeldRoom> rooms) {
        gateway.onRegistered(serverId);
        Flux.fromIterable(rooms)
                .flatMap(room -> reconcile(serverId, room).onErrorComplete(), GUILDS_IN_FLIGHT_MAX)
                .subscribe();
    }

    private Mono<Void> reconcile(String serverId, HeldRoom room) {
        long guild = room.getGuildId();
        return voiceLoop
                .taskQueues()
                .submit(
                        guild,
                        Mono.defer(() -> roster.refresh(guild))
                                .doOnNext(stored -> compare(serverId, room))
                                .doFinally(signal -> voiceLoop.scheduler().schedule(() -> roster.evictIfEmpty(guild))))
                .then();
    }

    private void compare(String serverId, HeldRoom room) {
        var assignment = roster.snapshot(room.getGuildId()).assignment();
        if (!assignment.server().equals(serverId) || assignment.version() != room.getEpoch()) {
            servers.close(
                    serverId,
                    CloseRoom.newBuilder()
                            .setChannelId(room.getChannelId())
                            .setEpoch(room.getEpoch())
                            .build());
            return;
        }
        for (long user : room.getUserIdsList()) {
            boolean isThere = roster.state(room.getGuildId(), user)
                    .filter(state -> state.channel() == room.getChannelId())
                    .isPresent();
            if (!isThere) {
                servers.leave(
                        serverId,
                        LeaveRoom.newBuilder()
                                .setChannelId(room.getChannelId())
                                .setEpoch(room.getEpoch())
                                .setUserId(user)
                                .build());
            }
        }
    }
}
