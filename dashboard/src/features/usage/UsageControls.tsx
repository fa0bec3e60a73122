import { useId } from "react";
import { Button } from "../../ui/Button.tsx";
import { measures, ranges, splits, type UsageView, units, withRange } from "./usage-address.ts";

interface UsageControlsProps {
  view: UsageView;
  onChange: (view: UsageView) => void;
}

/** Which time, cut how, by what, in which measure. */
export function UsageControls({ view, onChange }: UsageControlsProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <fieldset className="flex flex-wrap gap-0.5">
        <legend className="sr-only">Time</legend>
        {ranges.map(({ value, label }) => (
          <Button
            key={value}
            isSmall
            look="quiet"
            aria-pressed={view.range === value}
            className={view.range === value ? "bg-fill text-ink" : ""}
            onClick={() => onChange(withRange(view, value))}
          >
            {label}
          </Button>
        ))}
      </fieldset>
      <Choice label="Cut into" value={view.unit} choices={units} onChange={(unit) => onChange({ ...view, unit })} />
      <Choice label="By" value={view.split} choices={splits} onChange={(split) => onChange({ ...view, split })} />
      <Choice label="Show" value={view.show} choices={measures} onChange={(show) => onChange({ ...view, show })} />
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { readonly value: Value; readonly label: string }[];
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, choices, onChange }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <span className="flex items-center gap-1.5">
      <label htmlFor={id} className="text-muted text-sm">
        {label}
      </label>
      <select
        id={id}
        className="field h-7 w-auto px-2 text-sm"
        value={value}
        onChange={({ target }) => {
          const chosen = choices.find((choice) => choice.value === target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </span>
  );
}
