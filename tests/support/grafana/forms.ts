// The types of Grafana's schema, with the texts of its enums, as they are in JSON.
import type { Options as BarChart, FieldConfig as BarField } from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type { Options as Stat } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as Table, FieldConfig as TableField } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { Options as TimeSeries, FieldConfig as SeriesField } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Dashboard, FieldConfig } from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';

type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? number
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

interface Of<Options, Custom> {
  readonly options: Partial<Plain<Options>>;
  readonly defaults: Plain<FieldConfig>;
  readonly custom: Partial<Plain<Custom>>;
}

export type Whole = Plain<Dashboard>;
export type Panel =
  | (Of<BarChart, BarField> & { readonly type: 'barchart' })
  | (Of<Stat, object> & { readonly type: 'stat' })
  | (Of<Table, TableField> & { readonly type: 'table' })
  | (Of<TimeSeries, SeriesField> & { readonly type: 'timeseries' });
