package dev.guildcast.system.simulation;

import dev.guildcast.audience.v1.Unsubscribe;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Production's machine, with exceptions for poison records, thrown in a guild shard after outputs were staged, and
/// with the injected bugs.
final class FaultyMachine<R, A> implements ShardMachine<R, A> {
    static final String POISON = "POISON";

    private final ShardMachine<R, A> machine;
    private final Topology topology;
    private final Set<InjectedBug> bugs;
    private final Map<String, byte[]> lastWritten = new HashMap<>();

    FaultyMachine(ShardMachine<R, A> machine, Topology topology, Set<InjectedBug> bugs) {
        this.machine = machine;
        this.topology = topology;
        this.bugs = bugs;
    }

    @Override
    public A apply(R record, RecordContext context, Outputs out) {
        return switch (record) {
            case GuildRecord guild -> {
                var applied = bugs.contains(InjectedBug.SNAPSHOT_END_REMOVES_LATER_ENTITIES)
                                && guild.getEvent().getMutation().hasMember()
                        ? applyWithoutGeneration(record, guild.getEvent(), context, out)
                        : machine.apply(record, context, out);
                if (guild.getEvent().getType().equals(POISON)) {
                    throw new IllegalStateException("poison");
                }
                yield applied;
            }
            case SessionRecord session -> {
                if (session.getUserDeliver().getType().equals(POISON)) {
                    throw new IllegalStateException("poison");
                }
                var applied = machine.apply(record, context, out);
                if (bugs.contains(InjectedBug.UNSUBSCRIBE_ON_LEAVE) && session.hasMemberLeft()) {
                    unsubscribe(session, out);
                }
                yield applied;
            }
            default -> machine.apply(record, context, out);
        };
    }

    /// Applies the record without updating the snapshot generation of the member.
    private A applyWithoutGeneration(R record, GuildEvent event, RecordContext context, Outputs out) {
        var shard = (GuildShard) (Object) machine;
        long user = event.getMutation().getMember().getUserId();
        var before = shard.view(event.getGuildId()).map(view -> view.member(user));
        var applied = machine.apply(record, context, out);
        shard.view(event.getGuildId()).ifPresent(view -> {
            var member = view.member(user);
            if (member != null) {
                int generation =
                        before.map(Member::generation).orElse(view.status().generation() - 1);
                try {
                    var set = GuildView.class.getDeclaredMethod("set", Member.class);
                    set.setAccessible(true);
                    var rename = Member.class.getDeclaredMethod("named", int.class);
                    rename.setAccessible(true);
                    set.invoke(view, rename.invoke(member, generation));
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        });
        return applied;
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
    public void applyEphemeral(R record, RecordContext context, Outputs out) {
        machine.applyEphemeral(record, context, out);
    }

    @Override
    public @Nullable Object coalescingKey(R record) {
        return machine.coalescingKey(record);
    }

    @Override
    public void skipEphemeral(R record, RecordContext context) {
        machine.skipEphemeral(record, context);
    }

    @Override
    public A applyFromEphemeral(R record, RecordContext context, Outputs out) {
        return machine.applyFromEphemeral(record, context, out);
    }

    @Override
    public void onControlRecord(RecordContext context) {
        machine.onControlRecord(context);
    }

    @Override
    public void restore(String key, byte[] value) {
        lastWritten.put(key, value);
        machine.restore(key, value);
    }

    @Override
    public void onRestored() {
        machine.onRestored();
    }

    @Override
    public Map<String, byte @Nullable []> drainDirty() {
        var dirty = machine.drainDirty();
        if (bugs.contains(InjectedBug.CHECKPOINT_BY_DIFFERENCE)) {
            dirty = new HashMap<>(dirty);
            dirty.entrySet().removeIf(entry -> Arrays.equals(lastWritten.get(entry.getKey()), entry.getValue()));
            lastWritten.putAll(dirty);
        }
        return dirty;
    }
}
