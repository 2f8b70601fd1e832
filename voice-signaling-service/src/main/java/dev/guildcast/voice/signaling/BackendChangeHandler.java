package dev.guildcast.voice.signaling;

import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.loop.GuildTaskQueues;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.permission.GuildVoiceQuery;
import dev.guildcast.voice.permission.GuildVoiceQuery.Admission;
import dev.guildcast.voice.permission.GuildVoiceQuery.JoinVerdict;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Follows changes that the backend makes to users in voice: a moderator moves or disconnects a user, a member leaves,
/// a channel or the guild is deleted.
///
/// A record of the guild's log only triggers a check. The guild's view, once it has applied the whole log, is the
/// authority on where a user is. So records that the shard rejects or recognizes as duplicates change nothing here
/// either, and between a moderator and a simultaneous op 4 the later one in the log wins.
///
/// - **Owner:** the voice loop.
/// - **Bound:** the queue of [GuildTaskQueues].
final class BackendChangeHandler {
    /// Publisher names of voice-signaling itself are this prefix and the node id.
    private static final String OWN_PUBLISHER_PREFIX = "voice/";

    private final Scheduler loop;
    private final GuildTaskQueues taskQueues;
    private final GuildVoiceQuery guildQuery;
    private final VoiceRoster roster;
    private final VoiceSignaling signaling;

    BackendChangeHandler(
            VoiceLoop voiceLoop, GuildVoiceQuery guildQuery, VoiceRoster roster, VoiceSignaling signaling) {
        this.loop = voiceLoop.scheduler();
        this.taskQueues = voiceLoop.taskQueues();
        this.guildQuery = guildQuery;
        this.roster = roster;
        this.signaling = signaling;
    }

    /// Fails when the guild's owner or its log cannot be reached; it is then safe to call again.
    Mono<Void> onRecord(GuildRecord record) {
        return switch (record.getRecordCase()) {
            case EVENT -> onEvent(record.getEvent());
            case DOCUMENT_END -> recheck(record.getDocumentEnd().getGuildId(), state -> true);
            case CLAIM, CHECKPOINTED, DOCUMENT_PART, SUBSCRIBE, UNSUBSCRIBE, MEMBERS_REQUEST, RECORD_NOT_SET ->
                Mono.empty();
        };
    }

    private Mono<Void> onEvent(GuildEvent event) {
        if (event.getPublication().getPublisher().startsWith(OWN_PUBLISHER_PREFIX)) {
            return Mono.empty();
        }
        Mutation change = event.getMutation();
        return switch (change.getChangeCase()) {
            case VOICE_STATE -> {
                long user = change.getVoiceState().getUserId();
                yield recheck(event.getGuildId(), state -> state.user() == user);
            }
            case MEMBER_GONE -> {
                long user = change.getMemberGone().getUserId();
                yield recheck(event.getGuildId(), state -> state.user() == user);
            }
            case CHANNEL_GONE -> {
                long channel = change.getChannelGone().getId();
                yield recheck(event.getGuildId(), state -> state.channel() == channel);
            }
            case GUILD_GONE -> recheck(event.getGuildId(), state -> true);
            case GUILD, OUTAGE, ROLE, ROLE_GONE, CHANNEL, MEMBER, THREAD_MEMBERS, LIST, LIST_ITEM, CHANGE_NOT_SET ->
                Mono.empty();
        };
    }

    private Mono<Void> recheck(long guild, Predicate<VoiceState> affected) {
        return taskQueues.submit(
                guild,
                Mono.defer(() -> roster.refresh(guild))
                        .flatMapMany(stored -> Flux.fromIterable(stored.states()))
                        .filter(affected)
                        .concatMap(this::recheckState)
                        .then()
                        .doFinally(signal -> loop.schedule(() -> roster.evictIfEmpty(guild))));
    }

    private Mono<Void> recheckState(VoiceState state) {
        return guildQuery
                .checkJoinAtLogEnd(state.guild(), state.channel(), state.user())
                .publishOn(loop)
                .flatMap(view -> reconcile(state, view));
    }

    private Mono<Void> reconcile(VoiceState state, Admission view) {
        boolean sameSession =
                view.currentSessionId().isEmpty() || view.currentSessionId().equals(state.sessionId());
        if (view.currentChannel() == 0 || !sameSession) {
            return signaling.removeState(state);
        }
        if (view.currentChannel() != state.channel()) {
            return signaling.applyMove(state, state.withChannel(view.currentChannel()));
        }
        if (view.verdict() == JoinVerdict.NO_SUCH_CHANNEL) {
            return signaling.disconnect(state);
        }
        boolean sameSound = view.serverMute() == state.mute() && view.serverDeaf() == state.deaf();
        return sameSound
                ? Mono.empty()
                : signaling.applyModeration(state.withModeration(view.serverMute(), view.serverDeaf()));
    }
}
