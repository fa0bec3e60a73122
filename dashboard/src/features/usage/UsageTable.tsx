import { Link } from "@tanstack/react-router";
import { formatCompact, formatCount } from "../../lib/format-number.ts";
import { classes } from "../../ui/classes.ts";
import { costText } from "./cost-text.ts";
import { SHOWN_GROUPS, type UsageGroup } from "./group-usage.ts";
import { toneFills } from "./tones.ts";
import { type Split, splits } from "./usage-address.ts";

interface UsageTableProps {
  groups: readonly UsageGroup[];
  split: Split;
  /** First day of the period; undefined = from the beginning. */
  from: string | undefined;
  nameOf: (group: string) => string;
}

/** The figures behind the chart; a name leads to the sessions that it stands for. */
export function UsageTable({ groups, split, from, nameOf }: UsageTableProps) {
  const head = splits.find(({ value }) => value === split)?.label;
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">Usage by {split}</caption>
      <thead>
        <tr className="row-line text-faint text-xs *:py-1.5 *:font-normal">
          <th className="text-left">{head}</th>
          <th className="text-right max-sm:hidden">Sessions</th>
          <th className="text-right max-sm:hidden">Messages</th>
          <th className="text-right">Tokens</th>
          <th className="text-right">Cost</th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ name, sessions, messages, tokens, cost, isPartial }, index) => (
          <tr key={name} className="row-line *:py-1.5 hover:bg-fill">
            <th scope="row" className="max-w-0 text-left font-normal max-sm:w-1/2 sm:w-2/5">
              <span className="flex items-center gap-2">
                <span
                  aria-hidden="true"
                  className={classes("size-2.5 shrink-0 rounded-sm", toneFills[Math.min(index, SHOWN_GROUPS)])}
                />
                <GroupName split={split} name={name} from={from}>
                  {nameOf(name)}
                </GroupName>
              </span>
            </th>
            <td className="text-right max-sm:hidden">{formatCount(sessions)}</td>
            <td className="text-right max-sm:hidden">{formatCount(messages)}</td>
            <td className="text-right" title={formatCount(tokens)}>
              {formatCompact(tokens)}
            </td>
            <td className="text-right">{costText(cost, isPartial, tokens)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface GroupNameProps {
  split: Split;
  name: string;
  from: string | undefined;
  children: string;
}

/** The list of sessions knows no providers. */
function GroupName({ split, name, from, children }: GroupNameProps) {
  if (split === "provider")
    return (
      <span className="truncate" title={children}>
        {children}
      </span>
    );
  return (
    <Link
      to="/"
      search={{ [split]: [name], ...(from === undefined ? {} : { from }) }}
      title={children}
      className="truncate underline-offset-2 hover:underline"
    >
      {children}
    </Link>
  );
}
