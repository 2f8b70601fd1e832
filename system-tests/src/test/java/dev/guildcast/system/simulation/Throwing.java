package dev.guildcast.system.simulation;

import dev.guildcast.audience.v1.Unsubscribe;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
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

    Throwing(ShardMachine<R> machine, Topology topology, Set<Planted> planted) {
        this.machine = machine;
        this.topology = topology;
        this.planted = planted;
    }

    @Override
    public void apply(R record, RecordContext at, Outputs out) {
        switch (record) {
            case GuildRecord guild -> {
                if (planted.contains(Planted.DOCUMENT_END_REMOVES_WHAT_CAME_SINCE)
                        && guild.getEvent().getMutation().hasMember()) {
                    applyWithoutNaming(record, guild.getEvent(), at, out);
                } else {
                    machine.apply(record, at, out);
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

    /// The member remains named, or not, as it was.
    private void applyWithoutNaming(R record, GuildEvent event, RecordContext at, Outputs out) {
        var shard = (GuildShard) (Object) machine;
        long user = event.getMutation().getMember().getUserId();
        var before = shard.view(event.getGuildId()).map(view -> view.member(user));
        machine.apply(record, at, out);
        shard.view(event.getGuildId()).ifPresent(view -> {
            var member = view.member(user);
            if (member != null) {
                int named = before.map(Member::named).orElse(view.marks().generation() - 1);
                try {
                    var set = GuildView.class.getDeclaredMethod("set", Member.class);
                    set.setAccessible(true);
                    var rename = Member.class.getDeclaredMethod("named", int.class);
                    rename.setAccessible(true);
                    set.invoke(view, rename.invoke(member, named));
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
    public @Nullable Object ephemeralKey(R record) {
        return machine.ephemeralKey(record);
    }

    @Override
    public void skipEphemeral(R record, RecordContext at) {
        machine.skipEphemeral(record, at);
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
