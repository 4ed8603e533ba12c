// Starts the page: with the key of the tab's session, which GraphiQL uses too, or with the form for it.
import 'uplot/dist/uPlot.min.css';
import './style/colours.css';
import './style/page.css';
import './style/controls.css';
import './style/panels.css';
import './style/print.css';

import { render } from 'preact';

import { takeKeyFromAddress } from '../../graphql_api/graphiql/key.js';
import { App } from './page/app';

takeKeyFromAddress();
render(<App />, document.getElementById('root')!);
