package dev.guildcast.system.simulation;

import dev.guildcast.audience.v1.Unsubscribe;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.Member;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A machine of production that throws at poison, in a guild shard after its outputs were staged; and that lacks what
/// is planted.
final class Throwing<R> implements ShardMachine<R> {
    static final String POISON = "POISON";

    private final ShardMachine<R> machine;
    private final Topology topology;
    private final Set<Planted> planted;
    private final Map<String, byte[]> base = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();

    Throwing(ShardMachine<R> machine, Topology topology, Set<Planted> planted) {
        this.machine = machine;
        this.topology = topology;
        this.planted = planted;
    }

    @Override
    public void apply(R record, RecordContext at, Outputs out) {
        switch (record) {
            case GuildRecord guild -> {
                if (planted.contains(Planted.LATE_RETRY_DROPPED) && late(guild)) {
                    return;
                }
                machine.apply(record, at, out);
                if (planted.contains(Planted.DOCUMENT_END_REMOVES_WHAT_CAME_SINCE)
                        && guild.getEvent().getMutation().hasMember()) {
                    forgetThatItWasNamed(guild.getEvent());
                }
                if (guild.getEvent().getType().equals(POISON)) {
                    throw new IllegalStateException("poison");
                }
            }
            case SessionRecord session -> {
                if (session.getUserDeliver().getType().equals(POISON)) {
                    throw new IllegalStateException("poison");
                }
                machine.apply(record, at, out);
                if (planted.contains(Planted.UNSUBSCRIBE_ON_LEAVE) && session.hasMemberLeft()) {
                    unsubscribe(session, out);
                }
            }
            default -> machine.apply(record, at, out);
        }
    }

    private boolean late(GuildRecord record) {
        Publication publication = Publication.getDefaultInstance();
        if (record.hasEvent()) {
            publication = record.getEvent().getPublication();
        }
        long before = highest.getOrDefault(publication.getPublisher(), -1L);
        highest.put(publication.getPublisher(), Math.max(before, publication.getSequence()));
        return publication.getSequence() < before;
    }

    private void forgetThatItWasNamed(GuildEvent event) {
        long user = event.getMutation().getMember().getUserId();
        ((GuildShard) (Object) machine).view(event.getGuildId()).ifPresent(view -> {
            var member = view.member(user);
            if (member != null) {
                try {
                    var set = GuildView.class.getDeclaredMethod("set", Member.class);
                    set.setAccessible(true);
                    var named = Member.class.getDeclaredMethod("named", int.class);
                    named.setAccessible(true);
                    set.invoke(view, named.invoke(member, view.marks().generation() - 1));
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        });
    }

    private void unsubscribe(SessionRecord record, Outputs out) {
        var left = record.getMemberLeft();
        for (long user : left.getUsersList()) {
            for (var session : ((SessionShard) (Object) machine).sessions().ofUser(user)) {
                var unsubscribe = GuildRecord.newBuilder()
                        .setUnsubscribe(Unsubscribe.newBuilder()
                                .setGuildId(left.getGuildId())
                                .setSessionOffset(session.offset()));
                out.emit(
                        topology.guildShard(left.getGuildId()),
                        origin -> unsubscribe.setOrigin(origin).build().toByteArray());
            }
        }
    }

    @Override
    public void applyEphemeral(R record, RecordContext at, Outputs out) {
        machine.applyEphemeral(record, at, out);
    }

    @Override
    public void applyFromEphemeral(R record, RecordContext at, Outputs out) {
        machine.applyFromEphemeral(record, at, out);
    }

    @Override
    public void onOwnerMark(RecordContext at) {
        machine.onOwnerMark(at);
    }

    @Override
    public void restore(String key, byte[] value) {
        base.put(key, value);
        machine.restore(key, value);
    }

    @Override
    public void onRestored() {
        machine.onRestored();
    }

    @Override
    public Map<String, byte @Nullable []> drainTouched() {
        var touched = machine.drainTouched();
        if (planted.contains(Planted.CHECKPOINT_BY_DIFFERENCE)) {
            touched = new HashMap<>(touched);
            touched.entrySet().removeIf(entry -> Arrays.equals(base.get(entry.getKey()), entry.getValue()));
            base.putAll(touched);
        }
        return touched;
    }
}
