package dev.guildcast.fanout.view;

import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.RoleUpsert;
import dev.guildcast.event.v1.ThreadMembersChange;
import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.fanout.view.EntityKey.Kind;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The state of one guild at a point of its log.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** what the guild's backend published; a guild's entities are never evicted.
/// - **Promise:** everything is iterated in the order of ids, so that two processes write the same text.
public final class GuildView {
    /// Role sets beyond two for each member that are kept before all are dropped, so that a small guild seldom drops
    /// them.
    private static final int INTERNED_FREE = 1024;

    private final long id;
    private final DirtyEntities dirty;
    private final TreeMap<Long, Role> roles = new TreeMap<>();
    private final TreeMap<Long, Channel> channels = new TreeMap<>();
    private final TreeMap<Long, Member> members = new TreeMap<>();
    private final TreeMap<Long, VoiceState> voiceStates = new TreeMap<>();
    private final TreeMap<String, GuildList> lists = new TreeMap<>();
    private final TreeMap<Long, Long> timeOuts = new TreeMap<>();
    private final Map<Long, Integer> overwriteCounts = new HashMap<>();
    private final Map<RoleSet, RoleSet> interned = new HashMap<>();
    private final GuildStatus status;
    /// Built by the first query; null until then.
    private @Nullable MemberNames names;

    private Fields fields = Fields.NONE;
    private long ownerId;
    private long structureVersion;

    public GuildView(long id, DirtyEntities dirty) {
        this.id = id;
        this.dirty = dirty;
        this.status = new GuildStatus(id, dirty);
    }

    public long id() {
        return id;
    }

    public Fields fields() {
        return fields;
    }

    public long ownerId() {
        return ownerId;
    }

    /// Version, outage and the snapshot that is being received.
    public GuildStatus status() {
        return status;
    }

    /// Rises with every change of what all members see alike: everything but members and voice states.
    public long structureVersion() {
        return structureVersion;
    }

    public NavigableMap<Long, Role> roles() {
        return Collections.unmodifiableNavigableMap(roles);
    }

    public NavigableMap<Long, Channel> channels() {
        return Collections.unmodifiableNavigableMap(channels);
    }

    public NavigableMap<Long, Member> members() {
        return Collections.unmodifiableNavigableMap(members);
    }

    public NavigableMap<Long, VoiceState> voiceStates() {
        return Collections.unmodifiableNavigableMap(voiceStates);
    }

    public NavigableMap<String, GuildList> lists() {
        return Collections.unmodifiableNavigableMap(lists);
    }

    /// Members with a time-out, over or not, by user.
    public SortedMap<Long, Long> timeOuts() {
        return Collections.unmodifiableSortedMap(timeOuts);
    }

    public @Nullable Channel channel(long channel) {
        return channels.get(channel);
    }

    public @Nullable Member member(long user) {
        return members.get(user);
    }

    /// Members whose name or nick starts with this lower-case prefix: the first ones in the order of names, ascending
    /// by
    /// user.
    public List<Member> membersNamed(String prefix, int max) {
        MemberNames index = names;
        if (index == null) {
            index = new MemberNames();
            members.values().forEach(index::add);
            names = index;
        }
        var found = new TreeMap<Long, Member>();
        for (long user : index.startingWith(prefix, max)) {
            Member member = members.get(user);
            if (member != null) {
                found.put(user, member);
            }
        }
        return List.copyOf(found.values());
    }

    /// Whether this user's visibility may differ from that of others with the same roles.
    public boolean hasOwnVisibility(long user) {
        return user == ownerId || overwriteCounts.containsKey(user);
    }

    /// Sets or changes the guild's own fields; whether clients would see a difference.
    public boolean put(GuildUpsert upsert) {
        Fields before = fields;
        long ownerBefore = ownerId;
        fields =
                upsert.getPartial() ? fields.with(upsert.getFieldsList(), Set.of()) : Fields.of(upsert.getFieldsList());
        if (upsert.getOwnerId() != 0) {
            ownerId = upsert.getOwnerId();
        }
        structureChanged(EntityKey.of(Kind.GUILD, id, 0));
        return !fields.equals(before) || ownerId != ownerBefore;
    }

    public Role put(RoleUpsert upsert) {
        Role role = Role.of(upsert, roles.get(upsert.getId()), status.generation());
        roles.put(role.id(), role);
        structureChanged(EntityKey.of(Kind.ROLE, id, role.id()));
        return role;
    }

    /// Removes a role, also from its members.
    ///
    /// @return the members who had it, ascending
    public List<Long> removeRole(long role) {
        roles.remove(role);
        structureChanged(EntityKey.of(Kind.ROLE, id, role));
        List<Long> holders = members.values().stream()
                .filter(member -> member.roles().contains(role))
                .map(Member::userId)
                .toList();
        for (long user : holders) {
            Member member = members.get(user);
            if (member != null) {
                set(member.with(intern(member.roles().without(role))));
            }
        }
        return holders;
    }

    public Channel put(ChannelUpsert upsert) {
        return set(Channel.of(upsert, channels.get(upsert.getId()), status.generation()));
    }

    public Channel put(Channel thread, ThreadMembersChange change) {
        return set(thread.withThreadMembers(change.getAddedList(), change.getRemovedList(), status.generation()));
    }

    /// Removes a channel and the threads in it.
    public void removeChannel(long channel) {
        List<Long> threads = channels.values().stream()
                .filter(each -> each.thread() && each.parentId() == channel)
                .map(Channel::id)
                .toList();
        threads.forEach(this::dropChannel);
        dropChannel(channel);
    }

    public Member put(MemberUpsert upsert) {
        Member member = Member.of(upsert, members.get(upsert.getUserId()), status.generation());
        Member shared = member.with(intern(member.roles()));
        set(shared);
        return shared;
    }

    public void removeMember(long user) {
        index(members.remove(user), null);
        timeOuts.remove(user);
        dirty.mark(EntityKey.of(Kind.MEMBER, id, user));
        removeVoiceState(user);
    }

    public VoiceState put(VoiceStateUpsert upsert) {
        VoiceState state = VoiceState.of(upsert, status.generation());
        voiceStates.put(state.userId(), state);
        dirty.mark(EntityKey.of(Kind.VOICE_STATE, id, state.userId()));
        return state;
    }

    public void removeVoiceState(long user) {
        if (voiceStates.remove(user) != null) {
            dirty.mark(EntityKey.of(Kind.VOICE_STATE, id, user));
        }
    }

    /// @throws RecordRejectedException if [#putList] would reject it
    public void validateList(String name, byte[] json) {
        var unused = GuildList.parse(name, json);
    }

    /// @throws RecordRejectedException if [#putListItem] would reject it
    public void validateListItem(String name, long item, byte @Nullable [] json) {
        var unused = withItem(name, item, json);
    }

    private GuildList withItem(String name, long item, byte @Nullable [] json) {
        GuildList list = lists.getOrDefault(name, new GuildList(name, List.of(), status.generation()));
        return list.with(item, json == null ? null : GuildList.Item.parse(json), status.generation());
    }

    /// @throws RecordRejectedException if it is no array of objects; nothing has changed then
    public void putList(String name, byte[] json) {
        set(new GuildList(name, GuildList.parse(name, json), status.generation()));
    }

    /// @param json null removes the item
    /// @throws RecordRejectedException if it is no object, or the list is full; nothing has changed then
    public void putListItem(String name, long item, byte @Nullable [] json) {
        set(withItem(name, item, json));
    }

    public void clearList(String name) {
        set(new GuildList(name, List.of(), status.generation()));
    }

    /// Marks every entity dirty, because the guild is removed.
    public void markAllDirty() {
        dirty.mark(EntityKey.of(Kind.GUILD, id, 0));
        dirty.mark(EntityKey.of(Kind.MARKS, id, 0));
        roles.keySet().forEach(key -> dirty.mark(EntityKey.of(Kind.ROLE, id, key)));
        channels.keySet().forEach(key -> dirty.mark(EntityKey.of(Kind.CHANNEL, id, key)));
        members.keySet().forEach(key -> dirty.mark(EntityKey.of(Kind.MEMBER, id, key)));
        voiceStates.keySet().forEach(key -> dirty.mark(EntityKey.of(Kind.VOICE_STATE, id, key)));
        lists.keySet().forEach(key -> dirty.mark(EntityKey.named(Kind.LIST, id, key)));
    }

    void restore(Fields fields, long ownerId) {
        this.fields = fields;
        this.ownerId = ownerId;
    }

    void set(Role role) {
        roles.put(role.id(), role);
    }

    void set(VoiceState state) {
        voiceStates.put(state.userId(), state);
    }

    void set(GuildList list) {
        lists.put(list.name(), list);
        structureChanged(EntityKey.named(Kind.LIST, id, list.name()));
    }

    Channel set(Channel channel) {
        Channel before = channels.put(channel.id(), channel);
        countOverwrites(before, -1);
        countOverwrites(channel, 1);
        structureChanged(EntityKey.of(Kind.CHANNEL, id, channel.id()));
        return channel;
    }

    void set(Member member) {
        index(members.put(member.userId(), member), member);
        if (member.timedOutUntil() == 0) {
            timeOuts.remove(member.userId());
        } else {
            timeOuts.put(member.userId(), member.timedOutUntil());
        }
        dirty.mark(EntityKey.of(Kind.MEMBER, id, member.userId()));
    }

    private void index(@Nullable Member before, @Nullable Member after) {
        MemberNames index = names;
        boolean same = before != null
                && after != null
                && before.username().equals(after.username())
                && before.nick().equals(after.nick());
        if (index != null && !same) {
            if (before != null) {
                index.remove(before);
            }
            if (after != null) {
                index.add(after);
            }
        }
    }

    RoleSet intern(RoleSet set) {
        if (interned.size() > INTERNED_FREE + 2 * members.size()) {
            interned.clear(); // Sets still in use stay valid; later ones are shared again.
        }
        return interned.computeIfAbsent(set, same -> same);
    }

    private void dropChannel(long channel) {
        countOverwrites(channels.remove(channel), -1);
        structureChanged(EntityKey.of(Kind.CHANNEL, id, channel));
    }

    private void countOverwrites(@Nullable Channel channel, int step) {
        if (channel != null) {
            for (Overwrite overwrite : channel.overwrites()) {
                if (!overwrite.getRole()) {
                    overwriteCounts.merge(
                            overwrite.getId(), step, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
                }
            }
        }
    }

    private void structureChanged(EntityKey key) {
        structureVersion++;
        dirty.mark(key);
    }
}
